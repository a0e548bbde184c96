import { beforeEach, describe, expect, it } from 'vitest';
import { toBase64 } from '../bytes';
import { MockAgent, type MockRequest } from '../testing/mockAgent';
import type { CertificateInfo } from '../types';
import { certificateField, certificateFieldByOid, signatureDer } from './certificate';
import { SofClient } from './client';
import { SofError, describeSofError } from './errors';
import { identifierOf, placeOf } from './places';
import { installSof, sofNames, sofObjects, type VendorShape } from './shapes';

const place = { token: 'software-token/钥匙 1', application: 'HUTONG', container: 'a||b&&&c' };
const supplier = 'software-token%2F%E9%92%A5%E5%8C%99%201/HUTONG/a%7C%7Cb%26%26%26c';
const info: CertificateInfo = {
  version: 3,
  serial_number: '0A1B',
  subject: 'CN=演示供应商有限公司,O=演示供应商有限公司,C=CN',
  issuer: 'CN=演示CA甲,C=CN',
  subject_fields: [{ type: 'C', value: 'CN' }, { type: 'O', value: '演示供应商有限公司' }, { type: 'CN', value: '演示供应商有限公司' }, { type: '2.5.4.97', value: '9135' }],
  issuer_fields: [{ type: 'CN', value: '演示CA甲' }],
  not_before: '2026-11-28T16:00:00Z',
  not_after: '2027-11-28T16:00:00Z',
  algorithm: '1.2.156.10197.1.501',
  public_key: 'MFkw',
  key_usage: ['digital_signature', 'non_repudiation'],
  fingerprint_sm3: '00',
  extensions: [
    { oid: '2.5.29.14', critical: false, value: toBase64(Uint8Array.of(4, 2, 0xab, 0xcd)), text: null },
    { oid: '1.2.86.11.7.1.8', critical: false, value: 'DAQ5MTM1', text: '9135' },
  ],
};
const certificates = [
  { ...place, use: 'signature', certificate: 'U0lHTg==', ...info },
  { ...place, use: 'encryption', certificate: 'RU5D', ...info },
];
const signedMessage = { type: 'signed_data', content: toBase64(new TextEncoder().encode('投标')), signers: [{ certificate: 'U0lHTg==', signature: 'MEUC', issuer: '', serial_number: '' }] };

let agent: MockAgent;
let sof: SofClient;
const last = () => agent.requests.at(-1)!;

beforeEach(() => {
  agent = new MockAgent({
    hello: { agent: 'hutong-agent', version: '1', protocol: 1, origin: 'https://a', allowed: true },
    'certificates.list': { certificates },
    'certificate.info': info,
    'certificate.validate': { indication: 'valid', findings: [] },
    'tokens.list': { tokens: [{ token: place.token, applications: [{ application: 'HUTONG', logged_in: true }] }] },
    'device.info': { driver: 'software-token', name: '钥匙 1', serial_number: 'SN1', most_cipher_octets: 65536 },
    login: { logged_in: true, tries_left: 10 },
    logout: { logged_in: false },
    'pin.state': { user_pin: { most_tries: 10, tries_left: 7 }, administrator_pin: {} },
    'pin.change': { changed: true },
    'sign.data': { signature: 'MEUC', certificate: null },
    'sign.message': (request: MockRequest) => ({ message: request.params.detached ? 'RA==' : 'QQ==' }),
    'verify.data': (request: MockRequest) => ({ valid: request.params.signature !== 'AAAA' }),
    'verify.message': { signature_verified: true, indication: 'valid', detached: false, signers: [], findings: [] },
    'message.info': signedMessage,
    'encrypt.envelope': { message: 'RU5W' },
    'decrypt.envelope': { data: toBase64(new TextEncoder().encode('明文')) },
    digest: { digest: 'SM3=' },
    random: { random: 'AAECAw==' },
  });
  sof = new SofClient({ ...agent.options(), purpose: '演示' });
});

describe('users', () => {
  it('are listed with an identifier that survives any name', async () => {
    expect(await sof.SOF_GetUserList()).toBe(`演示供应商有限公司||${supplier}&&&`);
    expect(placeOf(supplier)).toEqual(place);
    expect(identifierOf(place)).toBe(supplier);
  });

  it('have their certificates', async () => {
    expect(await sof.SOF_ExportUserCert(supplier)).toBe('U0lHTg==');
    expect(await sof.SOF_ExportExchangeUserCert(supplier)).toBe('RU5D');
    expect(await sof.SOF_ExportUserCert('no/such/one')).toBe('');
    expect(await sof.SOF_GetLastError()).toBe(SofError.CertNotFountErr);
  });

  it('log in through the agent: the PIN that the page passes is not sent', async () => {
    expect(await sof.SOF_Login(supplier, '12345678')).toBe(true);
    expect(last().method).toBe('login');
    expect(await sof.SOF_ChangePassWd(supplier, '12345678', '87654321')).toBe(true);
    expect(JSON.stringify(agent.requests)).not.toMatch(/12345678|87654321/);
    expect(await sof.SOF_GetPinRetryCount(supplier)).toBe(7);
    expect(await sof.SOF_IsLogin(supplier)).toBe(true);
    expect(await sof.SOF_Logout(supplier)).toBe(true);
  });

  it('learn why they cannot', async () => {
    const problem = (code: string) => ({ problem: { code, status: 401 } });
    agent.methods.login = problem('token.pin_incorrect');
    expect(await sof.SOF_Login(supplier, '1')).toBe(false);
    expect(await sof.SOF_GetLastError()).toBe(0x0a000024);
    expect(await sof.SOF_GetLastErrMsg()).toBe('PIN 码错误');
    agent.methods.login = problem('token.pin_locked');
    await sof.SOF_Login(supplier);
    expect(await sof.SOF_GetLastError()).toBe(0x0a000025);
    agent.methods['sign.data'] = problem('agent.not_logged_in');
    expect(await sof.SOF_SignData(supplier, 'x')).toBe('');
    expect(await sof.SOF_GetLastError()).toBe(0x0a00002d);
    agent.methods['sign.data'] = problem('token.driver_hung');
    await sof.SOF_SignData(supplier, 'x');
    expect(await sof.SOF_GetLastError()).toBe(SofError.SignDataErr);
    expect(await sof.SOF_SignData('not an identifier', 'x')).toBe('');
    expect(await sof.SOF_GetLastError()).toBe(SofError.IndataErr);
    expect(await sof.SOF_SignData(supplier, 'x').then(() => sof.SOF_GetVersion())).toMatch(/SOF/);
  });

  it('see their device', async () => {
    expect(await sof.SOF_GetDeviceInfo(supplier, 0x208)).toBe('SN1');
    expect(await sof.SOF_GetDeviceInfo(supplier, '531')).toBe('65536');
    expect(await sof.SOF_GetDeviceInfo(supplier, 0x20e)).toBe('');
    expect(await sof.SOF_GetLastError()).toBe(SofError.NotSupportYetErr);
    expect(await sof.SOF_GetDeviceInstance(supplier)).toBe(place.token);
  });
});

describe('certificates', () => {
  it('are read by the numbers of the standard or of BJCA', () => {
    expect(certificateField(info, 0x31, 'standard')).toBe('演示供应商有限公司');
    expect(certificateField(info, 0x21, 'standard')).toBe('演示CA甲');
    expect(certificateField(info, 0x06, 'standard')).toBe('20261128160000Z-20271128160000Z');
    expect(certificateField(info, 0x12, 'standard')).toBe('0402abcd');
    expect(certificateField(info, 17, 'bjca')).toBe('演示供应商有限公司');
    expect(certificateField(info, 11, 'bjca')).toBe('20261129000000');
    expect(certificateField(info, 99, 'standard')).toBeUndefined();
    expect(certificateFieldByOid(info, '1.2.86.11.7.1.8')).toBe('9135');
    expect(certificateFieldByOid(info, '2.5.4.97')).toBe('9135');
  });

  it('in PEM or broken lines are taken as well', async () => {
    await sof.SOF_GetCertInfo('-----BEGIN CERTIFICATE-----\nU0lH\nTg==\n-----END CERTIFICATE-----', 2);
    expect(last().params).toEqual({ certificate: 'U0lHTg==' });
    expect(await sof.SOF_GetCertInfo('U0lHTg==', 3)).toBe('');
    expect(await sof.SOF_GetLastError()).toBe(SofError.ParameterNotSupportErr);
    expect(await sof.SOF_GetCertInfoByOid('U0lHTg==', '1.2.86.11.7.1.8')).toBe('9135');
  });

  it('are judged as the standard counts', async () => {
    expect(await sof.SOF_ValidateCert('U0lHTg==')).toBe(0);
    const cases: [string, number][] = [
      ['path.untrusted_root', -1], ['trust_list.missing', -1], ['path.expired', -2], ['revocation.revoked', -3], ['revocation.on_hold', -4],
      ['path.not_yet_valid', -5], ['path.key_usage', -6],
    ];
    for (const [code, result] of cases) {
      agent.methods['certificate.validate'] = { indication: 'invalid', findings: [{ code, severity: 'error' }, { code: 'revocation.future', severity: 'info' }] };
      expect(await sof.SOF_ValidateCert('U0lHTg=='), code).toBe(result);
    }
  });
});

describe('signatures and envelopes', () => {
  it('take texts as UTF-8 and give base64 without line breaks', async () => {
    expect(await sof.SOF_SignData(supplier, '投标')).toBe('MEUC');
    expect(last().params.data).toBe(toBase64(new TextEncoder().encode('投标')));
    expect(await sof.SOF_SignDataBase64(supplier, 'AAEC')).toBe('MEUC');
    expect(last().params.data).toBe('AAEC');
    await sof.SOF_SetUserID('me');
    await sof.SOF_SignData(supplier, 'x');
    expect(last().params.user_id).toBe('me');
  });

  it('of 64 octets are verified too', async () => {
    const raw = new Uint8Array(64).fill(0x11);
    raw[0] = 0x80;
    raw[32] = 0;
    expect(signatureDer(raw)).toHaveLength(2 + 2 + 33 + 2 + 31);
    expect(signatureDer(raw).slice(0, 5)).toEqual(Uint8Array.of(0x30, 68, 2, 33, 0));
    expect(signatureDer(Uint8Array.of(0x30, 0))).toEqual(Uint8Array.of(0x30, 0));
    expect(await sof.SOF_VerifySignedData('U0lHTg==', 'x', 'MEUC')).toBe(true);
    expect(await sof.SOF_VerifySignedData('U0lHTg==', 'x', 'AAAA')).toBe(false);
    expect(await sof.SOF_GetLastError()).toBe(SofError.VerifySignDataErr);
  });

  it('in messages: flag 0 with content, 1 without, nothing else', async () => {
    expect(await sof.SOF_SignMessage(0, supplier, 'x')).toBe('QQ==');
    expect(await sof.SOF_SignMessage('1', supplier, 'x')).toBe('RA==');
    expect(await sof.SOF_SignMessage(2, supplier, 'x')).toBe('');
    expect(await sof.SOF_GetLastError()).toBe(SofError.ParameterNotSupportErr);
    expect(await sof.SOF_GetInfoFromSignedMessage('QQ==', 1)).toBe('投标');
    expect(await sof.SOF_GetInfoFromSignedMessage('QQ==', 2)).toBe('U0lHTg==');
    expect(await sof.SOF_GetInfoFromSignedMessage('QQ==', 3)).toBe('MEUC');
    expect(await sof.SOF_VerifySignedMessage('QQ==', '')).toBe(true);
    expect(await sof.SOF_VerifySignedMessage('QQ==', '投标')).toBe(true);
    expect(await sof.SOF_VerifySignedMessage('QQ==', '别的')).toBe(false);
    agent.methods['message.info'] = { ...signedMessage, content: null };
    expect(await sof.SOF_VerifySignedMessage('RA==', '投标')).toBe(true);
    expect(last().params).toHaveProperty('data');
  });

  it('open again', async () => {
    const message = await sof.SOF_EncryptData('RU5D', '明文');
    expect(message).toBe('RU5W');
    expect(await sof.SOF_DecryptData(supplier, message)).toBe('明文');
    expect(await sof.SOF_DigestData('x')).toBe('SM3=');
    expect(await sof.SOF_GenRandom(4)).toBe('AAECAw==');
  });

  it('of files that the page has not handed over are refused', async () => {
    expect(await sof.SOF_SignFile(supplier, 'C:\\bid.zip')).toBe('');
    expect(await sof.SOF_GetLastError()).toBe(SofError.FileErr);
    expect(await sof.SOF_EncryptFile('RU5D', '/etc/passwd', 'out')).toBe(false);
  });
});

describe('what is not served', () => {
  it('says so by its documented number', async () => {
    const calls = [
      () => sof.SOF_SignDataXML(supplier, '<a/>'), () => sof.SOF_VerifySignedDataXML('<a/>'), () => sof.SOF_GetXMLSignatureInfo('<a/>', 1),
      () => sof.SOF_SetSignMethod(0x00010002), () => sof.SOF_SetEncryptMethod(0x102), () => sof.SOF_SetDigestMethod(2),
      () => sof.SOF_SetEncryptMethodAndIV(),
    ];
    for (const call of calls) {
      await sof.SOF_GetDeviceInstance(supplier);
      expect([false, '']).toContain(await call());
      expect(await sof.SOF_GetLastError()).toBe(0x0b000002);
    }
    expect(await sof.SOF_SetSignMethod(0x00020201)).toBe(true);
    expect(await sof.SOF_GetSignMethod()).toBe(0x00020201);
    expect(await sof.SOF_SetEncryptMethod('1026')).toBe(true);
    expect(await sof.SOF_GetEncryptMethod()).toBe(0x402);
    expect(await sof.SOF_SetDigestMethod(1)).toBe(true);
  });

  it('without an agent is everything that needs one', async () => {
    agent.refusing = true;
    expect(await sof.SOF_GetUserList()).toBe('');
    expect(await sof.SOF_GetLastError()).toBe(SofError.LoadProviderErr);
    expect(describeSofError(SofError.LoadProviderErr).zh).toMatch(/证书助手/);
  });
});

describe('shapes', () => {
  type Functions = Record<string, (...parameters: unknown[]) => unknown>;
  const installed = (options: VendorShape = {}) => {
    const target: Functions = {};
    installSof(target, { ...agent.options(), purpose: '演示', ...options });
    return target;
  };

  it('hold every client function of the standard', () => {
    const standard = `GetVersion SetSignMethod GetSignMethod SetEncryptMethod GetEncryptMethod GetUserList ExportUserCert ExportExchangeUserCert Login
      GetPinRetryCount ChangePassWd GetCertInfo GetCertInfoByOid GetDeviceInfo ValidateCert SignData VerifySignedData SignFile VerifySignedFile
      EncryptData DecryptData EncryptFile DecryptFile SignMessage VerifySignedMessage GetInfoFromSignedMessage SignDataXML VerifySignedDataXML
      GetXMLSignatureInfo GenRandom GetLastError`.split(/\s+/).map((name) => `SOF_${name}`);
    expect(sofNames()).toEqual(expect.arrayContaining(standard));
  });

  it('answer a callback as a vendor’s script does, or a promise', async () => {
    const page = installed();
    const seen = await new Promise((done) => page.SOF_Login!(supplier, '12345678', done, 'context'));
    expect(seen).toEqual({ retVal: true, ctx: 'context' });
    expect(await page.SOF_ExportExChangeUserCert!(supplier)).toBe('RU5D');
    const text = await new Promise((done) => installed({ booleans: 'text' }).SOF_Login!(supplier, '', done));
    expect(text).toEqual({ retVal: 'true', ctx: undefined });
  });

  it('keep the error with the call it belongs to, also when calls overlap', async () => {
    const page = installed();
    const all = await Promise.all([page.SOF_SignDataXML!(supplier, ''), page.SOF_GetLastError!(), page.SOF_GetVersion!(), page.SOF_GetUserList!(), page.SOF_GetLastError!()]);
    expect(all[1]).toBe(0x0b000002);
    expect(all[4]).toBe(0);
  });

  it('answer objects with code, text and result', async () => {
    const objects = sofObjects(sof);
    expect(await objects.SOF_GetPinRetryCount(supplier)).toEqual({ ErrorCode: 0, ErrorMsg: '成功', Result: 7 });
    expect(await objects.SOF_SignDataXML(supplier, '')).toEqual({ ErrorCode: 0x0b000002, ErrorMsg: '不支持的服务', Result: '' });
    expect(await objects.SOF_GetLastError()).toEqual({ ErrorCode: 0, ErrorMsg: '成功', Result: 0x0b000002 });
  });
});
