import { DerError, type Element, oidText, parseDer, valueOf } from '@/asn1/der';
import { readFacts } from '@/asn1/facts';
import { concat } from '@/asn1/write';
import { kDigests, pkcs12MacKey } from './derivation';
import { pbes2Decrypt, roundsOf } from './pbes2';
import { keyFileProblem } from './problem';
import { isSm2Algorithm, Sm2Key } from './sm2';

const kData = '1.2.840.113549.1.7.1';
const kEncryptedData = '1.2.840.113549.1.7.6';
const kKeyBag = '1.2.840.113549.1.12.10.1.1';
const kShroudedKeyBag = '1.2.840.113549.1.12.10.1.2';
const kCertificateBag = '1.2.840.113549.1.12.10.1.3';
const kX509 = '1.2.840.113549.1.9.22.1';

/** A key and its own certificate: what an operator's token will be one day. */
export interface Carrier {
  key: Sm2Key;
  certificate: Uint8Array;
}

interface Found {
  keys: Sm2Key[];
  certificates: Uint8Array[];
}

/** A part of a larger DER value, with the octets it stands in. */
interface Part {
  der: Uint8Array;
  element: Element;
}

/**
 * Reads a PKCS#12 file (RFC 7292) with an SM2 key. The password is tried against the file's integrity check
 * first. Throws Problem: key_file.format, .password (wrong, or the file was altered), .unsupported (no
 * integrity check, an older encryption, a key of another kind), .no_key, .no_certificate.
 */
export async function readKeyFile(file: Uint8Array, password: string): Promise<Carrier> {
  try {
    const pfx = parseDer(file);
    const [, authSafe, mac] = pfx.children;
    if (!authSafe) throw keyFileProblem('format');
    const content = dataOf({ der: file, element: authSafe });
    checkIntegrity(file, mac, content, password);
    const found: Found = { keys: [], certificates: [] };
    for (const info of parseDer(content).children) await readSafe({ der: content, element: info }, password, found);
    return carrierOf(found);
  } catch (error) {
    throw error instanceof DerError ? keyFileProblem('format') : error;
  }
}

function carrierOf(found: Found): Carrier {
  const [key, ...others] = found.keys;
  others.forEach((other) => other.wipe());
  if (!key) throw keyFileProblem('no_key');
  const certificate = found.certificates.find((der) => equal(readFacts(der)?.publicKey, key.publicKey));
  if (!certificate) {
    key.wipe();
    throw keyFileProblem('no_certificate');
  }
  return { key, certificate };
}

function equal(one: Uint8Array | undefined, other: Uint8Array): boolean {
  return one?.length === other.length && one.every((octet, at) => octet === other[at]);
}

function child(part: Part, ...path: number[]): Part {
  const element = path.reduce<Element | undefined>((at, index) => at?.children[index], part.element);
  if (!element) throw keyFileProblem('format');
  return { der: part.der, element };
}

const octetsOf = (part: Part): Uint8Array => valueOf(part.der, part.element);
const oidOf = (part: Part): string => oidText(octetsOf(part));

/** The octets inside a ContentInfo of type data. */
function dataOf(info: Part): Uint8Array {
  if (oidOf(child(info, 0)) !== kData) throw keyFileProblem('unsupported');
  return octetsOf(child(info, 1, 0));
}

function checkIntegrity(file: Uint8Array, mac: Element | undefined, content: Uint8Array, password: string): void {
  if (!mac) throw keyFileProblem('unsupported');
  const whole = { der: file, element: mac };
  const hash = kDigests[oidOf(child(whole, 0, 0, 0))];
  if (!hash) throw keyFileProblem('unsupported');
  const rounds = mac.children[2] ? roundsOf(file, mac.children[2]) : 1;
  const key = pkcs12MacKey(hash, password, octetsOf(child(whole, 1)), rounds);
  if (!equal(octetsOf(child(whole, 0, 1)), hash.authenticate(key, content))) throw keyFileProblem('password');
}

async function readSafe(info: Part, password: string, found: Found): Promise<void> {
  let content: Uint8Array;
  if (oidOf(child(info, 0)) === kEncryptedData) {
    const encrypted = child(info, 1, 0, 1);
    content = await pbes2Decrypt(info.der, child(encrypted, 1).element, implicitOctets(child(encrypted, 2)), password);
  } else {
    content = dataOf(info);
  }
  for (const bag of parseDer(content).children) await readBag({ der: content, element: bag }, password, found);
}

/** [0] IMPLICIT OCTET STRING, whole or in pieces. */
function implicitOctets(part: Part): Uint8Array {
  return part.element.constructed ? concat(part.element.children.map((piece) => valueOf(part.der, piece))) : octetsOf(part);
}

async function readBag(bag: Part, password: string, found: Found): Promise<void> {
  const kind = oidOf(child(bag, 0));
  const value = child(bag, 1, 0);
  if (kind === kShroudedKeyBag) {
    const pkcs8 = await pbes2Decrypt(bag.der, child(value, 0).element, octetsOf(child(value, 1)), password);
    found.keys.push(readPkcs8(pkcs8));
    pkcs8.fill(0);
  } else if (kind === kKeyBag) {
    found.keys.push(readPkcs8(bag.der.slice(value.element.start, value.element.end)));
  } else if (kind === kCertificateBag && oidOf(child(value, 0)) === kX509) {
    found.certificates.push(octetsOf(child(value, 1, 0)).slice());
  }
}

/** PrivateKeyInfo (RFC 5208) with an ECPrivateKey (RFC 5915) on the SM2 curve. */
export function readPkcs8(der: Uint8Array): Sm2Key {
  const info = { der, element: parseDer(der) };
  if (!isSm2Algorithm(der, child(info, 1).element)) throw keyFileProblem('unsupported');
  const inner = octetsOf(child(info, 2));
  const secret = octetsOf(child({ der: inner, element: parseDer(inner) }, 1));
  if (secret.length > 32) throw keyFileProblem('format');
  const padded = new Uint8Array(32);
  padded.set(secret, 32 - secret.length);
  return new Sm2Key(padded);
}
