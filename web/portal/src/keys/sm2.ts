import { sm2, sm3 } from 'sm-crypto-v2';
import { type Element, oidText, valueOf } from '@/asn1/der';
import { derBitString, derContext, derInteger, derOctetString, derOid, derSequence } from '@/asn1/write';
import { bytesToBase64, bytesToHex, hexToBytes } from '@/lib/format';
import { keyFileProblem } from './problem';

export const kEcPublicKey = '1.2.840.10045.2.1';
export const kSm2Curve = '1.2.156.10197.1.301';
const kC1C3C2 = 1;

/**
 * An SM2 private key in the page's memory. Every signature is SM2 with SM3 under the default identifier
 * (GB/T 32918, GM/T 0009). `wipe` clears the octets; the library's short-lived copies are strings, which only
 * the browser's garbage collector takes away. A token will replace this class, not its callers.
 */
export class Sm2Key {
  private readonly octets: Uint8Array;
  /** 04 X Y. */
  readonly publicKey: Uint8Array;

  constructor(octets: Uint8Array) {
    if (octets.length !== 32) throw keyFileProblem('format');
    this.octets = octets.slice();
    this.publicKey = hexToBytes(sm2.getPublicKeyFromPrivateKey(bytesToHex(octets)));
  }

  static generate(): Sm2Key {
    return new Sm2Key(hexToBytes(sm2.generateKeyPairHex().privateKey));
  }

  /** DER SEQUENCE { r, s }. */
  sign(message: Uint8Array): Uint8Array {
    const options = { hash: true, der: true, publicKey: bytesToHex(this.publicKey) };
    return hexToBytes(sm2.doSignature(message, this.secret(), options));
  }

  signText(text: string): string {
    return bytesToBase64(this.sign(new TextEncoder().encode(text)));
  }

  /** Opens an SM2 ciphertext in the DER of GM/T 0009 7.2. */
  decrypt(ciphertext: Uint8Array): Uint8Array {
    const content = sm2.doDecrypt(bytesToHex(ciphertext), this.secret(), kC1C3C2, { asn1: true, output: 'array' });
    if (content.length === 0) throw keyFileProblem('unsupported');
    return content;
  }

  /** PrivateKeyInfo with an ECPrivateKey inside, as OpenSSL writes it. */
  pkcs8(): Uint8Array {
    const key = derSequence(derInteger(1), derOctetString(this.octets), derContext(1, derBitString(this.publicKey)));
    return derSequence(derInteger(0), derSequence(derOid(kEcPublicKey), derOid(kSm2Curve)), derOctetString(key));
  }

  wipe(): void {
    this.octets.fill(0);
  }

  private secret(): string {
    if (this.octets.every((octet) => octet === 0)) throw keyFileProblem('no_key');
    return bytesToHex(this.octets);
  }
}

export function sm2Verify(message: Uint8Array, signature: Uint8Array, publicKey: Uint8Array): boolean {
  try {
    return sm2.doVerifySignature(message, bytesToHex(signature), bytesToHex(publicKey), { hash: true, der: true });
  } catch {
    return false;
  }
}

/** SM2 ciphertext in the DER of GM/T 0009 7.2, for a public key 04 X Y. */
export function sm2Encrypt(content: Uint8Array, publicKey: Uint8Array): Uint8Array {
  return hexToBytes(sm2.doEncrypt(content, bytesToHex(publicKey), kC1C3C2, { asn1: true }));
}

export function sm3Hex(content: Uint8Array): string {
  return sm3(content);
}

/** Whether an AlgorithmIdentifier says "a key on the SM2 curve". */
export function isSm2Algorithm(der: Uint8Array, algorithm: Element | undefined): boolean {
  const [kind, curve] = algorithm?.children ?? [];
  return !!kind && !!curve && oidText(valueOf(der, kind)) === kEcPublicKey && oidText(valueOf(der, curve)) === kSm2Curve;
}
