// An agent for the unit tests: a socket whose other end answers as docs/agent-protocol.md says, without keys and without judging anything.
import { kSubprotocol, type ConnectionOptions, type Socket } from '../connection';
import { FrameKind, creditFrame, readFrame, writeFrame, type Frame } from '../stream';

export interface MockRequest {
  id: number;
  method: string;
  params: Record<string, unknown>;
  purpose?: string;
  stream?: { size: number; rewindable: boolean };
}

type Answer = object | ((request: MockRequest, agent: MockAgent) => unknown);

export class MockSocket implements Socket {
  binaryType = '';
  protocol = kSubprotocol;
  onopen: ((event: never) => void) | null = null;
  onmessage: ((event: never) => void) | null = null;
  onclose: ((event: never) => void) | null = null;
  onerror: ((event: never) => void) | null = null;

  constructor(
    private readonly agent: MockAgent,
    readonly url: string,
  ) {}

  send(data: string | Uint8Array): void {
    if (typeof data === 'string') this.agent.take(JSON.parse(data) as MockRequest);
    else this.agent.takeFrame(readFrame(data)!);
  }
  close(code = 1000): void {
    this.onclose?.({ code } as never);
  }
  deliver(data: unknown): void {
    this.onmessage?.({ data } as never);
  }
}

/** `methods`: what each method answers, an object or a function; an answer with `problem` is one, undefined is none for now. */
export class MockAgent {
  socket!: MockSocket;
  sockets = 0;
  refusing = false;
  readonly requests: MockRequest[] = [];
  readonly frames: Frame[] = [];
  onFrame: (frame: Frame) => void = () => {};

  constructor(readonly methods: Record<string, Answer> = {}) {}

  options(more: Partial<ConnectionOptions> = {}): ConnectionOptions {
    return { makeSocket: (url) => this.open(url), knock: () => Promise.reject(new Error()), look: () => Promise.reject(new Error()), ...more };
  }

  private open(url: string): Socket {
    const socket = new MockSocket(this, url);
    this.sockets += 1;
    queueMicrotask(() => {
      if (this.refusing) socket.onclose?.({ code: 1006 } as never);
      else socket.onopen?.({} as never);
    });
    this.socket = socket;
    return socket;
  }

  take(request: MockRequest): void {
    this.requests.push(request);
    const answer = this.methods[request.method] ?? { problem: { code: 'agent.method', title: 'no such method', status: 404 } };
    const value = typeof answer === 'function' ? (answer as (request: MockRequest, agent: MockAgent) => unknown)(request, this) : answer;
    if (value !== undefined) queueMicrotask(() => this.answer(request.id, value as object));
  }
  takeFrame(frame: Frame): void {
    this.frames.push(frame);
    this.onFrame(frame);
  }

  answer(id: number, value: object): void {
    this.text('problem' in value ? { id, ...value } : { id, result: value });
  }
  text(message: object): void {
    this.socket.deliver(JSON.stringify(message));
  }
  credit(id: number, octets: number): void {
    this.binary(creditFrame(id, octets));
  }
  rewind(id: number): void {
    this.binary(writeFrame(id, FrameKind.rewind));
  }
  data(id: number, octets: Uint8Array): void {
    this.binary(writeFrame(id, FrameKind.data, octets));
  }
  end(id: number): void {
    this.binary(writeFrame(id, FrameKind.end));
  }
  private binary(frame: Uint8Array): void {
    this.socket.deliver(frame.slice().buffer);
  }
}
