import { viewOf } from './bytes';

/** Kinds of binary frames (docs/agent-protocol.md, Streams). */
export const FrameKind = { data: 0, end: 1, credit: 2, rewind: 3, cancel: 4 } as const;

export interface Frame {
  id: number;
  kind: number;
  rest: Uint8Array;
}

const kHeader = 5;
const kMostData = 262_144;
const kWindow = 1 << 20; // octets on the way to the page
const kCollected = 8 << 20; // octets in the page's memory before they become a Blob, which the browser may keep on disk

export function writeFrame(id: number, kind: number, rest: Uint8Array = new Uint8Array()): Uint8Array {
  const frame = new Uint8Array(kHeader + rest.length);
  viewOf(frame).setUint32(0, id);
  frame[4] = kind;
  frame.set(rest, kHeader);
  return frame;
}

/** Null when it is shorter than a header. */
export function readFrame(octets: Uint8Array): Frame | null {
  if (octets.length < kHeader) return null;
  return { id: viewOf(octets).getUint32(0), kind: octets[4]!, rest: octets.subarray(kHeader) };
}

export function creditFrame(id: number, octets: number): Uint8Array {
  const rest = new Uint8Array(4);
  viewOf(rest).setUint32(0, octets);
  return writeFrame(id, FrameKind.credit, rest);
}

export type Send = (frame: Uint8Array) => void;
export type ProgressListener = (sent: number, total: number) => void;

/** The way in: reads the content as the agent's credit allows, and again from the start when it asks for that. */
export class Upload {
  private offset = 0;
  private credit = 0;
  private pass = 0;
  private pumping = false;
  private ended = false;
  private stopped = false;

  constructor(
    private readonly id: number,
    private readonly content: Blob,
    private readonly send: Send,
    private readonly fail: (error: unknown) => void,
    private readonly progress?: ProgressListener,
  ) {}

  /** Empty content needs no credit. */
  start(): void {
    void this.pump();
  }

  grant(octets: number): void {
    this.credit += octets;
    void this.pump();
  }

  rewind(): void {
    [this.offset, this.credit, this.ended] = [0, 0, false];
    this.pass += 1;
    this.send(writeFrame(this.id, FrameKind.rewind));
    void this.pump();
  }

  stop(): void {
    this.stopped = true;
  }

  private async pump(): Promise<void> {
    if (this.pumping) return;
    this.pumping = true;
    try {
      while (await this.sendOne()) continue;
    } catch (error) {
      if (!this.stopped) this.fail(error);
    } finally {
      this.pumping = false;
    }
  }

  /** One frame; false when there is nothing to do until the next credit. */
  private async sendOne(): Promise<boolean> {
    if (this.stopped || this.ended) return false;
    if (this.offset >= this.content.size) {
      this.ended = true;
      this.send(writeFrame(this.id, FrameKind.end));
      return false;
    }
    const length = Math.min(kMostData, this.credit, this.content.size - this.offset);
    if (length === 0) return false;
    const pass = this.pass;
    const octets = new Uint8Array(await this.content.slice(this.offset, this.offset + length).arrayBuffer());
    if (this.stopped || pass !== this.pass) return !this.stopped; // rewound while the file was read
    this.offset += length;
    this.credit -= length;
    this.send(writeFrame(this.id, FrameKind.data, octets));
    this.progress?.(this.offset, this.content.size);
    return true;
  }
}

/** Where what comes out is kept until the result says that it is good. */
export interface Sink {
  write(octets: Uint8Array): Promise<void> | void;
  /** The result is good. */
  close(): Promise<void> | void;
  /** It is not: what was written is worth nothing. */
  abort(reason: unknown): Promise<void> | void;
}

/** Collects into a Blob. */
export class BlobSink implements Sink {
  private readonly blobs: Blob[] = [];
  private pieces: Uint8Array<ArrayBuffer>[] = [];
  private size = 0;

  write(octets: Uint8Array): void {
    this.pieces.push(octets.slice());
    this.size += octets.length;
    if (this.size >= kCollected) this.settle();
  }
  close(): void {}
  abort(): void {
    this.blobs.length = 0;
    this.pieces = [];
  }

  get blob(): Blob {
    this.settle();
    return new Blob(this.blobs);
  }

  private settle(): void {
    if (this.pieces.length > 0) this.blobs.push(new Blob(this.pieces));
    [this.pieces, this.size] = [[], 0];
  }
}

/** Writes to a stream of the page (a file that the user chose, say), which is aborted when the result is not good. */
export function streamSink(stream: WritableStream<Uint8Array>): Sink {
  const writer = stream.getWriter();
  return {
    write: (octets) => writer.write(octets.slice()),
    close: () => writer.close(),
    abort: (reason) => writer.abort(reason),
  };
}

/** The way out: grants credit as the sink takes what came. */
export class Download {
  private written: Promise<void> = Promise.resolve();

  constructor(
    private readonly id: number,
    private readonly sink: Sink,
    private readonly send: Send,
    private readonly fail: (error: unknown) => void,
  ) {}

  start(): void {
    this.send(creditFrame(this.id, kWindow));
  }

  take(octets: Uint8Array): void {
    this.written = this.written
      .then(() => this.sink.write(octets))
      .then(() => this.send(creditFrame(this.id, octets.length)))
      .catch((error: unknown) => this.fail(error));
  }

  async finish(): Promise<void> {
    await this.written;
    await this.sink.close();
  }

  async abort(reason: unknown): Promise<void> {
    try {
      await this.sink.abort(reason);
    } catch {
      // The call has failed already and says why.
    }
  }
}
