import { type Element, oidText, parseDer, valueOf } from '@/asn1/der';
import { type NameAttribute, readName } from '@/asn1/facts';
import { derBitString, derContext, derInteger, derOid, derPrintable, derSequence, derSet, derUtf8 } from '@/asn1/write';
import { readPem } from '@/lib/pem';
import { isSm2Algorithm, kEcPublicKey, kSm2Curve, type Sm2Key, sm2Verify } from './sm2';

const kSm2WithSm3 = '1.2.156.10197.1.501';
const kCountry = '2.5.4.6';

/** A PKCS#10 request (RFC 2986, GM/T 0092) for a key made in the page. */
export function makeRequest(key: Sm2Key, subject: NameAttribute[]): Uint8Array {
  const name = derSequence(
    ...subject.map(({ oid, value }) => derSet(derSequence(derOid(oid), oid === kCountry ? derPrintable(value) : derUtf8(value)))),
  );
  const publicKey = derSequence(derSequence(derOid(kEcPublicKey), derOid(kSm2Curve)), derBitString(key.publicKey));
  const information = derSequence(derInteger(0), name, publicKey, derContext(0, new Uint8Array()));
  return derSequence(information, derSequence(derOid(kSm2WithSm3)), derBitString(key.sign(information)));
}

export type RequestFault = 'format' | 'key' | 'signature';
export type RequestReading = { der: Uint8Array; subject: NameAttribute[]; fault?: undefined } | { fault: RequestFault };

/** Looks at a request before it is sent: is it one, is its key SM2, does its signature hold. */
export function readRequest(file: Uint8Array): RequestReading {
  try {
    const der = readPem(file, /CERTIFICATE REQUEST$/) ?? file;
    const whole = parseDer(der);
    const [information, algorithm, signature] = whole.children;
    const [, name, spki] = information?.children ?? [];
    const key = spki?.children[1];
    if (!information || !algorithm || !signature || !name || !key) return { fault: 'format' };
    if (!isSm2Algorithm(der, spki?.children[0])) return { fault: 'key' };
    if (!isSigned(der, information, algorithm, signature, key)) return { fault: 'signature' };
    return { der, subject: readName(der, name) };
  } catch {
    return { fault: 'format' };
  }
}

function isSigned(der: Uint8Array, information: Element, algorithm: Element, signature: Element, key: Element): boolean {
  const [oid] = algorithm.children;
  if (!oid || oidText(valueOf(der, oid)) !== kSm2WithSm3) return false;
  const signed = der.slice(information.start, information.end);
  return sm2Verify(signed, valueOf(der, signature).slice(1), valueOf(der, key).slice(1));
}
