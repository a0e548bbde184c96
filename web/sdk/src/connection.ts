import { AgentProblem, type ProblemBody } from './problem';
import { Download, FrameKind, readFrame, Upload, writeFrame, type ProgressListener, type Sink } from './stream';
import { viewOf } from './bytes';

export const kAddress = '127.0.0.1:26381';
export const kSubprotocol = 'hutong.agent.v1';

/** The part of WebSocket that is used, so that tests can stand in for it. */
export interface Socket {
  binaryType: string;
  readonly protocol: string;
  onopen: ((event: never) => void) | null;
  onmessage: ((event: never) => void) | null;
  onclose: ((event: never) => void) | null;
  onerror: ((event: never) => void) | null;
  send(data: string | Uint8Array): void;
  close(code?: number): void;
}

export interface ConnectionOptions {
  /** Host and port of the agent: unless given what this website's storage holds under "hutong.agent", else 127.0.0.1:26381. */
  address?: string;
  /** Connects again by itself after the connection broke (default true). */
  reconnect?: boolean;
  makeSocket?: (url: string, subprotocol: string) => Socket;
  /** Asks for a file without looking at the answer: resolves when something answers there. */
  knock?: (url: string) => Promise<unknown>;
  /** Reads the agent's status; rejects when it may not or cannot be read. */
  look?: (url: string) => Promise<unknown>;
}

export interface Call {
  method: string;
  params?: object;
  purpose?: string | undefined;
  signal?: AbortSignal | undefined;
  stream?: { content: Blob; sink?: Sink | undefined; progress?: ProgressListener | undefined } | undefined;
}

interface Pending {
  resolve(result: unknown): void;
  reject(reason: unknown): void;
  upload?: Upload;
  download?: Download;
}

type Listener = (data: never) => void;

/** Where a website keeps the address of an agent that listens elsewhere; the check-up page of the portal sets it. */
export const kAddressKey = 'hutong.agent';
const kSeenKey = 'hutong.agent.seen';
const kFirstPause = 1_000;
const kLongestPause = 30_000;

/** One WebSocket to the agent: requests and their answers, events, streams. Opens with the first call, and again after it broke. */
export class Connection {
  readonly address: string;
  private readonly options: ConnectionOptions;
  private socket: Socket | null = null;
  private opening: Promise<Socket> | null = null;
  private readonly pending = new Map<number, Pending>();
  private readonly listeners = new Map<string, Set<Listener>>();
  private lastId = 0;
  private closed = false;
  private pause = kFirstPause;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: ConnectionOptions = {}) {
    this.options = options;
    this.address = options.address || stored(kAddressKey) || kAddress;
  }

  get isOpen(): boolean {
    return this.socket !== null;
  }

  async open(): Promise<void> {
    await this.openSocket();
  }

  /** Ends the connection, and with it the logins of this origin if it was its last. Calls after this one are refused. */
  close(): void {
    this.closed = true;
    clearTimeout(this.timer);
    this.socket?.close(1000);
    this.drop(new AgentProblem({ code: 'agent.closed' }));
  }

  /** Events of the agent, and "connected" and "disconnected". Returns what takes the listener away. */
  on(event: string, listener: Listener): () => void {
    const known = this.listeners.get(event) ?? new Set();
    this.listeners.set(event, known.add(listener));
    return () => known.delete(listener);
  }

  async call<Result>(call: Call): Promise<Result> {
    throwIfAborted(call.signal);
    const socket = await this.openSocket();
    throwIfAborted(call.signal);
    return new Promise<Result>((resolve, reject) => this.start(socket, call, resolve as (result: unknown) => void, reject));
  }

  private start(socket: Socket, call: Call, resolve: (result: unknown) => void, reject: (reason: unknown) => void): void {
    const id = this.nextId();
    const { method, params = {}, purpose, signal, stream } = call;
    const abort = () => this.abort(id, new AgentProblem({ code: 'agent.aborted' }));
    const done = () => signal?.removeEventListener('abort', abort);
    const pending: Pending = {
      resolve: (result) => (done(), resolve(result)),
      reject: (reason) => (done(), reject(reason)),
    };
    this.pending.set(id, pending);
    signal?.addEventListener('abort', abort, { once: true });
    const request: Record<string, unknown> = { id, method, params };
    if (purpose !== undefined) request.purpose = purpose;
    if (stream) request.stream = { size: stream.content.size, rewindable: true };
    socket.send(JSON.stringify(request));
    if (stream) this.startStream(socket, id, pending, stream);
  }

  private startStream(socket: Socket, id: number, pending: Pending, stream: NonNullable<Call['stream']>): void {
    const send = (frame: Uint8Array) => {
      if (this.pending.get(id) === pending) socket.send(frame);
    };
    const fail = (error: unknown) => this.abort(id, error);
    if (stream.sink) {
      pending.download = new Download(id, stream.sink, send, fail);
      pending.download.start();
    }
    pending.upload = new Upload(id, stream.content, send, fail, stream.progress);
    pending.upload.start();
  }

  /** Gives a call up: a stream is cancelled, the answer of another call is passed over when it comes. */
  private abort(id: number, reason: unknown): void {
    const pending = this.take(id);
    if (!pending) return;
    if (pending.upload) this.socket?.send(writeFrame(id, FrameKind.cancel));
    void pending.download?.abort(reason);
    pending.reject(reason);
  }

  private take(id: number): Pending | undefined {
    const pending = this.pending.get(id);
    this.pending.delete(id);
    pending?.upload?.stop();
    return pending;
  }

  private nextId(): number {
    do this.lastId = this.lastId >= 0xffff_ffff ? 1 : this.lastId + 1;
    while (this.pending.has(this.lastId));
    return this.lastId;
  }

  // --- the socket -------------------------------------------------------------------------------------------------

  private openSocket(): Promise<Socket> {
    if (this.closed) return Promise.reject(new AgentProblem({ code: 'agent.closed' }));
    if (this.socket) return Promise.resolve(this.socket);
    this.opening ??= this.connect().finally(() => {
      this.opening = null;
    });
    return this.opening;
  }

  private async connect(): Promise<Socket> {
    const make = this.options.makeSocket ?? ((url, subprotocol) => new WebSocket(url, subprotocol) as unknown as Socket);
    const socket = make(`wss://${this.address}/agent/v1`, kSubprotocol);
    socket.binaryType = 'arraybuffer';
    const opened = await new Promise<boolean>((resolve) => {
      socket.onopen = () => resolve(true);
      socket.onclose = () => resolve(false);
      socket.onerror = () => {}; // says nothing; close follows
    });
    if (!opened) throw new AgentProblem({ code: await this.reasonOfRefusal() });
    if (socket.protocol !== kSubprotocol) {
      socket.close(1000);
      throw new AgentProblem({ code: 'agent.other_protocol' });
    }
    this.welcome(socket);
    return socket;
  }

  private welcome(socket: Socket): void {
    remember();
    this.socket = socket;
    this.pause = kFirstPause;
    socket.onmessage = (event: { data: unknown }) => this.receive(event.data);
    socket.onclose = (event: { code?: number }) => this.lost(event.code);
    this.emit('connected', undefined);
  }

  /** Browsers do not say why a WebSocket failed; what else answers at the address tells most of it. */
  private async reasonOfRefusal(): Promise<string> {
    const url = `https://${this.address}/agent/v1/status`;
    const look = this.options.look ?? (async (address) => (await fetch(address, { cache: 'no-store' })).json());
    const knock = this.options.knock ?? ((address) => fetch(address, { mode: 'no-cors', cache: 'no-store' }));
    if (await succeeds(look(url))) return 'agent.connection_refused';
    if (await succeeds(knock(url))) return 'agent.origin_refused';
    return stored(kSeenKey) ? 'agent.not_running' : 'agent.not_installed';
  }

  private lost(code?: number): void {
    if (this.closed) return;
    this.drop(new AgentProblem({ code: 'agent.connection_lost', detail: code === undefined ? '' : `close code ${code}` }));
    if (this.options.reconnect !== false) this.connectLater();
  }

  private drop(reason: AgentProblem): void {
    const was = this.socket;
    this.socket = null;
    for (const id of [...this.pending.keys()]) {
      const pending = this.take(id);
      void pending?.download?.abort(reason);
      pending?.reject(reason);
    }
    if (was) this.emit('disconnected', reason);
  }

  private connectLater(): void {
    this.timer = setTimeout(() => {
      this.openSocket().catch(() => {
        if (!this.closed && !this.socket) this.connectLater();
      });
    }, this.pause);
    this.pause = Math.min(this.pause * 2, kLongestPause);
  }

  // --- what comes -------------------------------------------------------------------------------------------------

  private receive(data: unknown): void {
    if (typeof data === 'string') this.receiveText(data);
    else this.receiveFrame(new Uint8Array(data as ArrayBuffer));
  }

  private receiveText(text: string): void {
    const message = JSON.parse(text) as { id?: number; event?: string; data?: unknown; result?: unknown; problem?: ProblemBody };
    if (message.event !== undefined) {
      this.emit(message.event, message.data);
      return;
    }
    const pending = this.take(message.id ?? 0);
    if (!pending) return; // given up by the page before
    if (message.problem) {
      const problem = new AgentProblem(message.problem);
      void pending.download?.abort(problem);
      pending.reject(problem);
    } else {
      Promise.resolve(pending.download?.finish()).then(() => pending.resolve(message.result), pending.reject);
    }
  }

  private receiveFrame(octets: Uint8Array): void {
    const frame = readFrame(octets);
    const pending = frame && this.pending.get(frame.id);
    if (!frame || !pending) return;
    switch (frame.kind) {
      case FrameKind.data:
        pending.download?.take(frame.rest);
        break;
      case FrameKind.credit:
        if (frame.rest.length === 4) pending.upload?.grant(viewOf(frame.rest).getUint32(0));
        break;
      case FrameKind.rewind:
        pending.upload?.rewind();
        break;
      default: // the end of what comes out; the text answer follows
    }
  }

  private emit(event: string, data: unknown): void {
    for (const listener of this.listeners.get(event) ?? []) listener(data as never);
  }
}

function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new AgentProblem({ code: 'agent.aborted' });
}

function succeeds(attempt: Promise<unknown>): Promise<boolean> {
  return attempt.then(
    () => true,
    () => false,
  );
}

/** Storage may be forbidden; then nothing is remembered. */
function remember(): void {
  try {
    localStorage.setItem(kSeenKey, 'yes');
  } catch {
    // The page then cannot tell "not installed" from "not running".
  }
}

function stored(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}
