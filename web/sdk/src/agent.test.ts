import { beforeEach, describe, expect, it } from 'vitest';
import { Agent } from './agent';
import { fromBase64, toBase64 } from './bytes';
import { FrameKind } from './stream';
import { MockAgent, type MockRequest } from './testing/mockAgent';

const at = { token: 'soft/1', application: 'HUTONG', container: '供应商', extra: 'not sent' };
const place = { token: 'soft/1', application: 'HUTONG', container: '供应商' };
let agent: MockAgent;
let client: Agent;
const last = () => agent.requests.at(-1)!;

beforeEach(() => {
  agent = new MockAgent({
    hello: { agent: 'hutong-agent', version: '1', protocol: 1, origin: 'https://a', allowed: false },
    'origin.request': { allowed: true },
    login: { logged_in: true, tries_left: 10 },
    'sign.data': { signature: 'MEUC', certificate: null },
    'encrypt.envelope': (request: MockRequest) => (request.stream ? undefined : { message: 'AAAA' }),
    'decrypt.envelope': { data: toBase64(new TextEncoder().encode('投标文件')) },
    'verify.message': { signature_verified: true, indication: 'valid', detached: true, signers: [], findings: [] },
    'sign.message': () => undefined,
    digest: () => undefined,
    'keys.generate': { public_key: '04', container: '供应商' },
    'keys.import': { public_key: '04aa' },
    random: { random: 'AAECAw==' },
  });
  client = new Agent({ ...agent.options(), purpose: '演示' });
});

describe('Agent', () => {
  it('asks for permission when the website has none', async () => {
    await client.ready({ purpose: '登录采购平台' });
    expect(agent.requests.map(({ method }) => method)).toEqual(['hello', 'origin.request']);
    expect(last().purpose).toBe('登录采购平台');
  });

  it('sends the place and nothing besides, with one purpose or another', async () => {
    await client.login(at);
    expect(last()).toMatchObject({ params: { token: 'soft/1', application: 'HUTONG' }, purpose: '演示' });
    expect(Object.keys(last().params)).toEqual(['token', 'application']);
    await client.signData(at, '你好', { purpose: '提交\n投标  文件', userId: 'me' });
    expect(last()).toMatchObject({ params: { ...place, data: '5L2g5aW9', user_id: 'me' }, purpose: '提交 投标 文件' });
    expect(last().params).not.toHaveProperty('extra');
  });

  it('passes short content in the frame and a file as a stream', async () => {
    expect(await client.encrypt(['MIIC'], '投标文件')).toBe('AAAA');
    expect(last().stream).toBeUndefined();
    const file = client.encryptFile(['MIIC'], new Blob(['content']));
    await new Promise((done) => setTimeout(done, 5));
    expect(last()).toMatchObject({ params: { certificates: ['MIIC'] }, stream: { size: 7, rewindable: true } });
    agent.credit(last().id, 100);
    await new Promise((done) => setTimeout(done, 20));
    expect(agent.frames.map(({ kind }) => kind)).toEqual([FrameKind.credit, FrameKind.data, FrameKind.end]);
    agent.data(last().id, Uint8Array.of(1, 2, 3));
    agent.answer(last().id, {});
    expect(new Uint8Array(await (await file).arrayBuffer())).toEqual(Uint8Array.of(1, 2, 3));
  });

  it('passes long octets as a stream without being asked', async () => {
    const long = new Uint8Array((1 << 20) + 1);
    void client.signMessage(at, long).catch(() => {});
    void client.signMessage(at, long, { detached: true }).catch(() => {});
    void client.digest(long).catch(() => {});
    await new Promise((done) => setTimeout(done, 5));
    expect(agent.requests.map(({ stream, params }) => [stream?.size, params.data])).toEqual(Array(3).fill([long.length, undefined]));
    expect(agent.frames.map(({ id, kind }) => [id, kind])).toEqual([[1, FrameKind.credit]]); // only the attached message comes out as a stream
  });

  it('gives octets back as octets', async () => {
    expect(new TextDecoder().decode(await client.decrypt(at, 'AAAA'))).toBe('投标文件');
    expect(await client.random(4)).toEqual(Uint8Array.of(0, 1, 2, 3));
    expect(last().params).toEqual({ octets: 4 });
  });

  it('leaves out what was not given', async () => {
    await client.importKeys(at, 'MIIB');
    expect(last().params).toEqual({ ...place, enveloped_key: 'MIIB' });
    await client.verifyMessage('MIIB');
    expect(last().params).toEqual({ message: 'MIIB' });
    await client.verifyMessage('MIIB', '');
    expect(last().params).toEqual({ message: 'MIIB', data: '' });
    expect(await client.generateKeys(at)).toBe('04');
  });
});

describe('base64', () => {
  it('of any size comes back, line breaks or not', () => {
    const octets = Uint8Array.from({ length: 100_000 }, (_, index) => (index * 7) & 0xff);
    const text = toBase64(octets);
    expect(text).not.toMatch(/\s/);
    expect(Buffer.compare(fromBase64(text.replace(/(.{64})/g, '$1\r\n')), octets)).toBe(0);
  });
});
