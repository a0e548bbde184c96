// @vitest-environment node
import { describe, expect, it } from 'vitest';
import { parseDer, valueOf } from '@/asn1/der';
import { commonName, readFacts } from '@/asn1/facts';
import { base64ToBytes, bytesToBase64, bytesToHex, hexToBytes } from '@/lib/format';
import { writePem } from '@/lib/pem';
import files from '@/testing/keyFiles.json'; // made by OpenSSL 3.0 under the password below
import { kHmacs, kHmacSm3 } from './derivation';
import { readKeyFile, readPkcs8 } from './keyFile';
import { encryptPkcs8, pbes2Decrypt } from './pbes2';
import { makeRequest, readRequest } from './request';
import { Sm2Key, sm2Encrypt, sm2Verify, sm3Hex } from './sm2';

const password = '口令-1';
const text = (value: string) => new TextEncoder().encode(value);

describe('readKeyFile', () => {
  it.each(['aes', 'sm4'] as const)('opens what OpenSSL wrote (%s) and finds the key’s certificate', async (name) => {
    const carrier = await readKeyFile(base64ToBytes(files[name]), password);
    expect(bytesToBase64(carrier.certificate)).toBe(files.certificate);
    expect(bytesToHex(carrier.key.publicKey)).toBe(bytesToHex(readFacts(carrier.certificate)?.publicKey ?? new Uint8Array()));
  });

  it.each([
    ['aes', 'wrong', 'key_file.password'],
    ['sm4', '', 'key_file.password'],
    ['legacy', password, 'key_file.unsupported'],
    ['p256', password, 'key_file.unsupported'],
  ] as const)('refuses %s with password "%s": %s', async (name, given, code) => {
    await expect(readKeyFile(base64ToBytes(files[name]), given)).rejects.toMatchObject({ code });
  });

  it('calls anything else no key file, and an altered one altered', async () => {
    for (const octets of [[], [0x30], [0x30, 0x03, 0x02, 0x01, 0x03], [...text('photo')]]) {
      await expect(readKeyFile(Uint8Array.from(octets), password)).rejects.toMatchObject({ code: 'key_file.format' });
    }
    const altered = base64ToBytes(files.aes);
    (altered[400] as number) ^= 1;
    await expect(readKeyFile(altered, password)).rejects.toMatchObject({ name: 'Problem' });
  });
});

describe('Sm2Key', () => {
  // The worked example of docs/api/operators.yaml.
  const key = new Sm2Key(hexToBytes('3945208f7b2144b13f36e38ac6d39f95889393692860b51a42fb81ef4df7c5b8'));
  const action = `hutong-action-1\nPOST\n/api/v1/orders/01JWJ8Q3Y0V7Q4M2N5R8T1XZAB/approval?notify=yes\n${sm3Hex(
    text('{"version":3,"note":"材料齐全"}'),
  )}\n2026-06-01T08:05:00Z\n01JWJ8PZZZ6K3G1F5D7B9A2C4E`;
  const theirs = 'MEUCIFl2q6moAGJz0t+7wtPkLJ02yJtanM58822tUh4HWmggAiEA2EHW6V1UxBTrZMY/YpsR60BsfIQeQUp3tu5UELMXdO8=';

  it('has the public key of the worked example and accepts its signature', () => {
    expect(bytesToHex(key.publicKey)).toMatch(/^0409f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020ccea/);
    expect(action).toContain('24e75af58266ac59ccff87d9c11979a25e942b0e94d914116f772e0e4723ba38');
    expect(sm2Verify(text(action), base64ToBytes(theirs), key.publicKey)).toBe(true);
    expect(sm2Verify(text(`${action} `), base64ToBytes(theirs), key.publicKey)).toBe(false);
  });

  it('signs what it verifies, and nothing after it was wiped', () => {
    const own = Sm2Key.generate();
    expect(sm2Verify(text(action), base64ToBytes(own.signText(action)), own.publicKey)).toBe(true);
    own.wipe();
    expect(() => own.signText(action)).toThrow(expect.objectContaining({ code: 'key_file.no_key' }));
  });

  it('opens what was encrypted for it', () => {
    const share = crypto.getRandomValues(new Uint8Array(33));
    expect(key.decrypt(sm2Encrypt(share, key.publicKey))).toEqual(share);
  });

  it('comes back from an encrypted key file with the right password only', async () => {
    const der = await encryptPkcs8(key.pkcs8(), password, 1000);
    const [algorithm, data] = parseDer(der).children;
    if (!algorithm || !data) throw new Error('no EncryptedPrivateKeyInfo');
    const read = readPkcs8(await pbes2Decrypt(der, algorithm, valueOf(der, data), password));
    expect(read.publicKey).toEqual(key.publicKey);
    const wrong = pbes2Decrypt(der, algorithm, valueOf(der, data), 'x').then(readPkcs8);
    await expect(wrong).rejects.toBeInstanceOf(Error);
  });
});

it('stretches a password with HMAC-SM3 as others do', async () => {
  // Computed by Python's hashlib (OpenSSL): pbkdf2_hmac('sm3', b'password', b'salt', 4, 40).
  const made = await (kHmacs[kHmacSm3] as (typeof kHmacs)[string]).pbkdf2(text('password'), text('salt'), 4, 40);
  expect(bytesToHex(made)).toBe('66fea2fb1674d328e6eebfa5c395454d232d674ca3654864926aa5a2c2c52b96b2af7693b4c18926');
});

describe('requests', () => {
  it('are made so that they can be read and verified', () => {
    const reading = readRequest(makeRequest(Sm2Key.generate(), [{ oid: '2.5.4.6', value: 'CN' }, { oid: '2.5.4.3', value: '演示机构' }]));
    expect(reading.fault).toBeUndefined();
    if (reading.fault === undefined) expect(commonName(reading.subject)).toBe('演示机构');
  });

  it('of OpenSSL are read from PEM, DER and base64', () => {
    const reading = readRequest(text(files.request));
    if (reading.fault !== undefined) throw new Error(reading.fault);
    expect(commonName(reading.subject)).toBe('甲');
    expect(readRequest(reading.der).fault).toBeUndefined();
    expect(readRequest(text(bytesToBase64(reading.der))).fault).toBeUndefined();
    expect(readRequest(text(writePem('CERTIFICATE REQUEST', reading.der))).fault).toBeUndefined();
  });

  it('that were altered, or are none, are told apart', () => {
    const reading = readRequest(text(files.request));
    if (reading.fault !== undefined) throw new Error(reading.fault);
    const altered = reading.der.slice();
    (altered[altered.length - 1] as number) ^= 1;
    expect(readRequest(altered).fault).toBe('signature');
    expect(readRequest(base64ToBytes(files.certificate)).fault).toBeDefined();
    expect(readRequest(text('hello')).fault).toBe('format');
  });
});
