import { bytesToHex } from '@/lib/format';
import { type Element, oidText, parseDer, valueOf } from './der';

export interface NameAttribute {
  oid: string;
  value: string;
}

/** What a page says about a certificate without asking anybody; null when the bytes are no certificate. */
export interface CertificateFacts {
  serial: string;
  issuer: NameAttribute[];
  subject: NameAttribute[];
  notBefore: string;
  notAfter: string;
  /** 04 X Y of an elliptic curve key; another key as it stands in the bit string. */
  publicKey: Uint8Array;
}

const kUtcTime = 23;
const kBmpString = 30;

export function readFacts(der: Uint8Array): CertificateFacts | null {
  try {
    const fields = [...(parseDer(der).children[0]?.children ?? [])];
    if (fields[0]?.tagClass === 2) fields.shift(); // version
    const [serial, , issuer, validity, subject, spki] = fields;
    const [notBefore, notAfter] = validity?.children ?? [];
    const key = spki?.children[1];
    if (!serial || !issuer || !subject || !notBefore || !notAfter || !key) return null;
    return {
      serial: bytesToHex(valueOf(der, serial)).replace(/^00(?=..)/, ''),
      issuer: readName(der, issuer),
      subject: readName(der, subject),
      notBefore: readTime(der, notBefore),
      notAfter: readTime(der, notAfter),
      publicKey: valueOf(der, key).subarray(1),
    };
  } catch {
    return null;
  }
}

export function readName(der: Uint8Array, name: Element): NameAttribute[] {
  return name.children.flatMap((set) =>
    set.children.map((pair) => {
      const [oid, value] = pair.children;
      if (!oid || !value) throw new Error('name');
      const decoder = new TextDecoder(value.tag === kBmpString ? 'utf-16be' : 'utf-8');
      return { oid: oidText(valueOf(der, oid)), value: decoder.decode(valueOf(der, value)) };
    }),
  );
}

/** RFC 3339; two-digit years as RFC 5280 4.1.2.5.1 reads them. */
function readTime(der: Uint8Array, element: Element): string {
  const text = new TextDecoder().decode(valueOf(der, element));
  const full = element.tag === kUtcTime ? (Number(text.slice(0, 2)) < 50 ? '20' : '19') + text : text;
  const [, year, month, day, hour, minute, second] = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/.exec(full) ?? [];
  if (!year) throw new Error('time');
  return `${year}-${month}-${day}T${hour}:${minute}:${second}Z`;
}

const kCommonName = '2.5.4.3';

/** The name a person would call the certificate by. */
export function commonName(name: NameAttribute[]): string {
  return (name.find((item) => item.oid === kCommonName) ?? name[name.length - 1])?.value ?? '';
}
