import { cbc } from '@noble/ciphers/aes';
import { sm4 } from 'sm-crypto-v2';
import { type Element, oidText, valueOf } from '@/asn1/der';
import { derInteger, derOctetString, derOid, derSequence } from '@/asn1/write';
import { bytesToHex } from '@/lib/format';
import { kHmacs, kHmacSm3 } from './derivation';
import { keyFileProblem } from './problem';

const kPbes2 = '1.2.840.113549.1.5.13';
const kPbkdf2 = '1.2.840.113549.1.5.12';
const kHmacSha1 = '1.2.840.113549.2.7'; // the default of RFC 8018
const kSm4Cbc = '1.2.156.10197.1.104.2';
const kMostRounds = 2_000_000;
const kRounds = 20_000;

interface Cipher {
  keySize: number;
  decrypt(key: Uint8Array, iv: Uint8Array, data: Uint8Array): Uint8Array;
}

const aes = (keySize: number): Cipher => ({ keySize, decrypt: (key, iv, data) => cbc(key, iv).decrypt(data) });

const kCiphers: Record<string, Cipher> = {
  '2.16.840.1.101.3.4.1.2': aes(16),
  '2.16.840.1.101.3.4.1.22': aes(24),
  '2.16.840.1.101.3.4.1.42': aes(32),
  [kSm4Cbc]: {
    keySize: 16,
    decrypt: (key, iv, data) => sm4.decrypt(data, key, { mode: 'cbc', iv: bytesToHex(iv), output: 'array' }),
  },
};

/** Opens what PBES2 (RFC 8018 6.2) encrypted: AES-CBC or SM4-CBC under PBKDF2 with an HMAC of SHA or SM3. */
export async function pbes2Decrypt(der: Uint8Array, algorithm: Element, data: Uint8Array, password: string): Promise<Uint8Array> {
  const [scheme, parameters] = algorithm.children;
  if (!scheme || oidText(valueOf(der, scheme)) !== kPbes2) throw keyFileProblem('unsupported');
  const [derivation, encryption] = parameters?.children ?? [];
  if (!derivation || !encryption) throw keyFileProblem('format');
  const [cipherOid, iv] = encryption.children;
  const cipher = cipherOid && kCiphers[oidText(valueOf(der, cipherOid))];
  if (!cipher || !iv) throw keyFileProblem('unsupported');
  const key = await derive(der, derivation, password, cipher.keySize);
  try {
    return cipher.decrypt(key, valueOf(der, iv), data);
  } catch {
    throw keyFileProblem('password');
  } finally {
    key.fill(0);
  }
}

async function derive(der: Uint8Array, derivation: Element, password: string, keySize: number): Promise<Uint8Array> {
  const [oid, parameters] = derivation.children;
  if (!oid || oidText(valueOf(der, oid)) !== kPbkdf2) throw keyFileProblem('unsupported');
  const [salt, rounds, ...rest] = parameters?.children ?? [];
  if (!salt || !rounds) throw keyFileProblem('format');
  const prf = rest.find((element) => element.constructed)?.children[0];
  const hash = kHmacs[prf ? oidText(valueOf(der, prf)) : kHmacSha1];
  if (!hash) throw keyFileProblem('unsupported');
  const octets = new TextEncoder().encode(password);
  return hash.pbkdf2(octets, valueOf(der, salt), roundsOf(der, rounds), keySize);
}

export function roundsOf(der: Uint8Array, element: Element): number {
  const rounds = valueOf(der, element).reduce((sum, octet) => sum * 256 + octet, 0);
  if (rounds < 1 || rounds > kMostRounds) throw keyFileProblem('unsupported');
  return rounds;
}

/**
 * EncryptedPrivateKeyInfo with PBKDF2 over HMAC-SM3 and SM4-CBC, the form that `hutong` and its programs
 * write and read.
 */
export async function encryptPkcs8(pkcs8: Uint8Array, password: string, rounds = kRounds): Promise<Uint8Array> {
  const salt = crypto.getRandomValues(new Uint8Array(16));
  const iv = crypto.getRandomValues(new Uint8Array(16));
  const hash = kHmacs[kHmacSm3] as (typeof kHmacs)[string];
  const key = await hash.pbkdf2(new TextEncoder().encode(password), salt, rounds, 16);
  const data = sm4.encrypt(pkcs8, key, { mode: 'cbc', iv: bytesToHex(iv), output: 'array' });
  key.fill(0);
  const derivation = derSequence(derOid(kPbkdf2), derSequence(derOctetString(salt), derInteger(rounds), derSequence(derOid(kHmacSm3))));
  const encryption = derSequence(derOid(kSm4Cbc), derOctetString(iv));
  return derSequence(derSequence(derOid(kPbes2), derSequence(derivation, encryption)), derOctetString(data));
}
