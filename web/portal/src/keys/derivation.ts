import { hmac } from '@noble/hashes/hmac';
import { pbkdf2Async } from '@noble/hashes/pbkdf2';
import { sha1 } from '@noble/hashes/legacy';
import { sha256, sha384, sha512 } from '@noble/hashes/sha2';
import type { CHash } from '@noble/hashes/utils';
import { sm3 } from 'sm-crypto-v2';
import { concat } from '@/asn1/write';
import { hexToBytes } from '@/lib/format';

/** Hash functions of key files: how each hashes, authenticates and stretches a password. */
export interface FileHash {
  blockSize: number;
  digest(message: Uint8Array): Uint8Array;
  authenticate(key: Uint8Array, message: Uint8Array): Uint8Array;
  pbkdf2(password: Uint8Array, salt: Uint8Array, rounds: number, length: number): Promise<Uint8Array>;
}

function ofNoble(hash: CHash, blockSize: number): FileHash {
  return {
    blockSize,
    digest: (message) => hash(message),
    authenticate: (key, message) => hmac(hash, key, message),
    pbkdf2: (password, salt, rounds, length) => pbkdf2Async(hash, password, salt, { c: rounds, dkLen: length }),
  };
}

const hmacSm3 = (key: Uint8Array, message: Uint8Array): Uint8Array => hexToBytes(sm3(message, { key, mode: 'hmac' }));
const kRoundsAtATime = 500;

async function pbkdf2Block(password: Uint8Array, salt: Uint8Array, rounds: number, index: number): Promise<Uint8Array> {
  let u = hmacSm3(password, concat([salt, Uint8Array.of(index >>> 24, index >>> 16, index >>> 8, index)]));
  const sum = u.slice();
  for (let round = 1; round < rounds; round += 1) {
    u = hmacSm3(password, u);
    for (let at = 0; at < sum.length; at += 1) (sum[at] as number) ^= u[at] as number;
    if (round % kRoundsAtATime === 0) await new Promise((resolve) => setTimeout(resolve)); // lets the page draw
  }
  return sum;
}

const ofSm3: FileHash = {
  blockSize: 64,
  digest: (message) => hexToBytes(sm3(message)),
  authenticate: hmacSm3,
  pbkdf2: async (password, salt, rounds, length) => {
    const blocks: Uint8Array[] = [];
    for (let index = 1; (index - 1) * 32 < length; index += 1) blocks.push(await pbkdf2Block(password, salt, rounds, index));
    return concat(blocks).slice(0, length);
  },
};

/** By the identifier of the digest, as PKCS#12 names it. */
export const kDigests: Record<string, FileHash> = {
  '1.3.14.3.2.26': ofNoble(sha1, 64),
  '2.16.840.1.101.3.4.2.1': ofNoble(sha256, 64),
  '2.16.840.1.101.3.4.2.2': ofNoble(sha384, 128),
  '2.16.840.1.101.3.4.2.3': ofNoble(sha512, 128),
  '1.2.156.10197.1.401': ofSm3,
  '1.2.156.10197.1.401.1': ofSm3,
};

export const kHmacSm3 = '1.2.156.10197.1.401.2';

/** By the identifier of the HMAC, as PBKDF2 names it. */
export const kHmacs: Record<string, FileHash> = {
  '1.2.840.113549.2.7': ofNoble(sha1, 64),
  '1.2.840.113549.2.9': ofNoble(sha256, 64),
  '1.2.840.113549.2.10': ofNoble(sha384, 128),
  '1.2.840.113549.2.11': ofNoble(sha512, 128),
  [kHmacSm3]: ofSm3,
};

/** PKCS#12 (RFC 7292) B.2 for a key of one digest's length, which is what its integrity check needs. */
export function pkcs12MacKey(hash: FileHash, password: string, salt: Uint8Array, rounds: number): Uint8Array {
  const v = hash.blockSize;
  const repeat = (source: Uint8Array): Uint8Array =>
    Uint8Array.from({ length: source.length === 0 ? 0 : v * Math.ceil(source.length / v) }, (_, at) => source[at % source.length] as number);
  let key = concat([new Uint8Array(v).fill(3), repeat(salt), repeat(bmpPassword(password))]);
  for (let round = 0; round < rounds; round += 1) key = hash.digest(key);
  return key;
}

/** UTF-16BE with two zero octets at the end (RFC 7292 B.1). */
function bmpPassword(password: string): Uint8Array {
  const octets = new Uint8Array(password.length * 2 + 2);
  for (let at = 0; at < password.length; at += 1) {
    const unit = password.charCodeAt(at);
    octets[at * 2] = unit >>> 8;
    octets[at * 2 + 1] = unit & 0xff;
  }
  return octets;
}
