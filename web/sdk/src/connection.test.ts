import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Connection, type ConnectionOptions } from './connection';
import { AgentProblem } from './problem';
import { BlobSink, FrameKind, streamSink } from './stream';
import { MockAgent, type MockRequest } from './testing/mockAgent';
import { memoryStorage } from './testing/storage';

const hello = { agent: 'hutong-agent', version: '1', protocol: 1, origin: 'https://a', allowed: true };

beforeEach(() => vi.stubGlobal('localStorage', memoryStorage()));
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

function connected(agent: MockAgent, more: Partial<ConnectionOptions> = {}): Connection {
  return new Connection(agent.options(more));
}
async function codeOf(attempt: Promise<unknown>): Promise<string> {
  return attempt.then(
    () => 'no problem',
    (error: AgentProblem) => error.code,
  );
}
/** Until reading a Blob and all that hangs on it is over. */
const settled = () => new Promise((done) => setTimeout(done, 20));

describe('requests', () => {
  it('opens at the first call and hands every answer to its own call', async () => {
    const waiting: MockRequest[] = [];
    const agent = new MockAgent({ slow: (request: MockRequest) => void waiting.push(request), hello });
    const connection = connected(agent);
    const [slow, quick] = [connection.call({ method: 'slow' }), connection.call({ method: 'hello', params: { a: 1 }, purpose: '登录' })];
    expect(await quick).toEqual(hello);
    agent.answer(waiting[0]!.id, { late: true });
    expect(await slow).toEqual({ late: true });
    expect(agent.socket.url).toBe('wss://127.0.0.1:26381/agent/v1');
    expect(agent.sockets).toBe(1);
    expect(agent.requests[1]).toMatchObject({ method: 'hello', params: { a: 1 }, purpose: '登录' });
    expect(agent.requests[0]).not.toHaveProperty('purpose');
  });

  it('turns a problem into an AgentProblem', async () => {
    const agent = new MockAgent({
      login: { problem: { code: 'token.pin_incorrect', title: 'Wrong PIN', title_zh: 'PIN 码错误', detail: 'x', status: 401, tries_left: 3 } },
    });
    const problem = await connected(agent).call({ method: 'login' }).catch((error: AgentProblem) => error);
    expect(problem).toBeInstanceOf(AgentProblem);
    expect(problem).toMatchObject({ code: 'token.pin_incorrect', title: 'Wrong PIN', titleZh: 'PIN 码错误', detail: 'x', status: 401, triesLeft: 3 });
  });

  it('gives up when the page aborts, and passes over the answer that comes after', async () => {
    const agent = new MockAgent({ slow: () => undefined });
    const connection = connected(agent);
    const control = new AbortController();
    const call = connection.call({ method: 'slow', signal: control.signal });
    await settled();
    control.abort();
    expect(await codeOf(call)).toBe('agent.aborted');
    agent.answer(1, {});
    expect(await codeOf(connection.call({ method: 'slow', signal: control.signal }))).toBe('agent.aborted');
    expect(agent.requests).toHaveLength(1);
  });
});

describe('the address', () => {
  it('is the usual one, what this website remembers, or what the page says', () => {
    expect(new Connection().address).toBe('127.0.0.1:26381');
    localStorage.setItem('hutong.agent', '127.0.0.1:4000');
    expect(new Connection().address).toBe('127.0.0.1:4000');
    expect(new Connection({ address: '127.0.0.1:5000' }).address).toBe('127.0.0.1:5000');
  });
});

describe('who does not answer', () => {
  const refused = (more: Partial<ConnectionOptions>) => {
    const agent = new MockAgent();
    agent.refusing = true;
    return codeOf(connected(agent, more).open());
  };

  it('was never seen, or is not running, or refuses this website, or has no room', async () => {
    expect(await refused({})).toBe('agent.not_installed');
    await connected(new MockAgent()).open();
    expect(await refused({})).toBe('agent.not_running');
    expect(await refused({ knock: () => Promise.resolve() })).toBe('agent.origin_refused');
    expect(await refused({ look: () => Promise.resolve() })).toBe('agent.connection_refused');
  });

  it('speaks another protocol', async () => {
    const agent = new MockAgent();
    const options = agent.options();
    const other = new Connection({ ...options, makeSocket: (url, protocol) => Object.assign(options.makeSocket!(url, protocol), { protocol: '' }) });
    expect(await codeOf(other.open())).toBe('agent.other_protocol');
  });
});

describe('a broken connection', () => {
  it('fails what is under way, says so, and comes back by itself', async () => {
    vi.useFakeTimers();
    const agent = new MockAgent({ slow: () => undefined, hello });
    const connection = connected(agent);
    const events: string[] = [];
    connection.on('connected', () => events.push('connected'));
    connection.on('disconnected', () => events.push('disconnected'));
    const call = codeOf(connection.call({ method: 'slow' }));
    await vi.advanceTimersByTimeAsync(1);
    agent.refusing = true;
    agent.socket.close(1001);
    expect(await call).toBe('agent.connection_lost');
    await vi.advanceTimersByTimeAsync(1_000);
    agent.refusing = false;
    await vi.advanceTimersByTimeAsync(2_000);
    expect(events).toEqual(['connected', 'disconnected', 'connected']);
    expect(agent.sockets).toBe(3);
    expect(await connection.call({ method: 'hello' })).toEqual(hello);
  });

  it('stays closed when the page closed it', async () => {
    const agent = new MockAgent({ slow: () => undefined });
    const connection = connected(agent);
    const call = codeOf(connection.call({ method: 'slow' }));
    await settled();
    connection.close();
    expect(await call).toBe('agent.closed');
    expect(await codeOf(connection.open())).toBe('agent.closed');
    expect(agent.sockets).toBe(1);
  });
});

describe('events', () => {
  it('reach their listeners until they are taken away', async () => {
    const agent = new MockAgent();
    const connection = connected(agent);
    const seen: unknown[] = [];
    const stop = connection.on('tokens.changed', (data: unknown) => seen.push(data));
    await connection.open();
    agent.text({ event: 'tokens.changed', data: { generation: 7 } });
    stop();
    agent.text({ event: 'tokens.changed', data: { generation: 8 } });
    expect(seen).toEqual([{ generation: 7 }]);
  });
});

describe('streams', () => {
  const octets = Uint8Array.from({ length: 600_000 }, (_, index) => index % 251);
  const sent = (agent: MockAgent, kind: number) => agent.frames.filter((frame) => frame.kind === kind);
  const same = (others: Uint8Array) => Buffer.compare(octets, others) === 0;
  const joined = async (agent: MockAgent) => new Uint8Array(await new Blob(sent(agent, FrameKind.data).map(({ rest }) => rest.slice())).arrayBuffer());

  it('send what the credit allows, and no octet more', async () => {
    const agent = new MockAgent({ digest: () => undefined });
    const progress: number[] = [];
    const call = connected(agent).call({ method: 'digest', stream: { content: new Blob([octets]), progress: (at) => progress.push(at) } });
    await settled();
    expect(agent.requests[0]).toMatchObject({ stream: { size: 600_000, rewindable: true } });
    expect(agent.frames).toEqual([]);
    agent.credit(1, 300_000);
    await settled();
    expect(sent(agent, FrameKind.data).map(({ rest }) => rest.length)).toEqual([262_144, 37_856]);
    agent.credit(1, 1 << 20);
    await settled();
    expect(same(await joined(agent))).toBe(true);
    expect(agent.frames.at(-1)).toMatchObject({ id: 1, kind: FrameKind.end });
    expect(progress.at(-1)).toBe(600_000);
    agent.answer(1, { digest: 'x' });
    expect(await call).toEqual({ digest: 'x' });
  });

  it('start again when the agent rewinds, with no credit', async () => {
    const agent = new MockAgent({ 'sign.message': () => undefined });
    void connected(agent).call({ method: 'sign.message', stream: { content: new Blob([octets]) } }).catch(() => {});
    await settled();
    agent.credit(1, 1 << 20);
    await settled();
    agent.rewind(1);
    await settled();
    expect(agent.frames.at(-1)!.kind).toBe(FrameKind.rewind);
    agent.frames.length = 0;
    agent.credit(1, 1 << 20);
    await settled();
    expect(same(await joined(agent))).toBe(true);
    expect(agent.frames.at(-1)!.kind).toBe(FrameKind.end);
  });

  it('end an empty content at once', async () => {
    const agent = new MockAgent({ digest: () => undefined });
    void connected(agent).call({ method: 'digest', stream: { content: new Blob() } }).catch(() => {});
    await settled();
    expect(agent.frames.map(({ kind }) => kind)).toEqual([FrameKind.end]);
  });

  it('grant credit as the result is taken, and give it only when it is good', async () => {
    const agent = new MockAgent({ 'decrypt.envelope': () => undefined });
    const sink = new BlobSink();
    const call = connected(agent).call({ method: 'decrypt.envelope', stream: { content: new Blob([octets]), sink } });
    await settled();
    expect(sent(agent, FrameKind.credit)).toHaveLength(1);
    agent.data(1, octets.subarray(0, 1000));
    agent.data(1, octets.subarray(1000));
    agent.end(1);
    await settled();
    expect(sent(agent, FrameKind.credit)).toHaveLength(3);
    agent.answer(1, {});
    await call;
    expect(same(new Uint8Array(await sink.blob.arrayBuffer()))).toBe(true);
  });

  it('throw what came away when the end is a problem', async () => {
    const agent = new MockAgent({ 'decrypt.envelope': () => undefined });
    const ends: string[] = [];
    const sink = { write: () => {}, close: () => void ends.push('close'), abort: () => void ends.push('abort') };
    const call = codeOf(connected(agent).call({ method: 'decrypt.envelope', stream: { content: new Blob([octets]), sink } }));
    await settled();
    agent.data(1, octets.subarray(0, 1000));
    agent.answer(1, { problem: { code: 'cms.decrypt', status: 400 } });
    expect(await call).toBe('cms.decrypt');
    expect(ends).toEqual(['abort']);
  });

  it('are cancelled when the page aborts, or when its own sink fails', async () => {
    const agent = new MockAgent({ digest: () => undefined, 'encrypt.envelope': () => undefined });
    const connection = connected(agent);
    const control = new AbortController();
    const call = codeOf(connection.call({ method: 'digest', signal: control.signal, stream: { content: new Blob([octets]) } }));
    await settled();
    control.abort();
    expect(await call).toBe('agent.aborted');
    expect(agent.frames.at(-1)).toMatchObject({ id: 1, kind: FrameKind.cancel });
    const full = { write: () => Promise.reject(new Error('disk full')), close: () => {}, abort: () => {} };
    const other = connection.call({ method: 'encrypt.envelope', stream: { content: new Blob([octets]), sink: full } });
    await settled();
    agent.data(2, octets.subarray(0, 10));
    await expect(other).rejects.toThrow('disk full');
    expect(agent.frames.at(-1)).toMatchObject({ id: 2, kind: FrameKind.cancel });
  });

  it('write to a stream of the page and abort it with the call', async () => {
    const written: Uint8Array[] = [];
    let end = '';
    const stream = {
      getWriter: () => ({
        write: async (chunk: Uint8Array) => void written.push(chunk),
        close: async () => void (end = 'closed'),
        abort: async () => void (end = 'aborted'),
      }),
    } as unknown as WritableStream<Uint8Array>;
    const agent = new MockAgent({ 'encrypt.envelope': () => undefined });
    const call = connected(agent).call({ method: 'encrypt.envelope', stream: { content: new Blob([octets]), sink: streamSink(stream) } });
    await settled();
    agent.data(1, octets.subarray(0, 10));
    agent.answer(1, {});
    await call;
    expect([written.length, end]).toEqual([1, 'closed']);
  });
});
