import { fromBase64, toHex } from '../bytes';
import type { CertificateInfo, NameField } from '../types';

/** Whose numbers SOF_GetCertInfo takes: those of the standard (GB/T 33560 table 8), or those of BJCA's scripts. */
export type CertInfoNumbers = 'standard' | 'bjca';

type Reader = (info: CertificateInfo) => string;

const kBeijingMs = 8 * 3_600_000;

function field(fields: NameField[], ...types: string[]): string {
  return fields.find((one) => types.includes(one.type))?.value ?? '';
}
const subject = (...types: string[]): Reader => (info) => field(info.subject_fields, ...types);
const issuer = (...types: string[]): Reader => (info) => field(info.issuer_fields, ...types);

/** The text of an extension when it is one string, else its octets in hexadecimal; empty when it is not there. */
export function extensionText(info: CertificateInfo, oid: string): string {
  const found = info.extensions.find((extension) => extension.oid === oid);
  return found ? (found.text ?? toHex(fromBase64(found.value))) : '';
}
const extension = (oid: string): Reader => (info) => extensionText(info, oid);

/** "20261129081242Z". */
function generalized(time: string): string {
  return new Date(time).toISOString().slice(0, 19).replace(/[-:T]/g, '') + 'Z';
}
/** "20261129161242", Beijing time, as BJCA's control writes it. */
function beijing(time: string): string {
  return generalized(new Date(Date.parse(time) + kBeijingMs).toISOString()).slice(0, -1);
}

const kMail = ['E', 'emailAddress', '1.2.840.113549.1.9.1'];

const kStandard: Record<number, Reader> = {
  0x01: (info) => String(info.version),
  0x02: (info) => info.serial_number,
  0x05: (info) => info.issuer,
  0x06: (info) => `${generalized(info.not_before)}-${generalized(info.not_after)}`,
  0x07: (info) => info.subject,
  0x08: (info) => info.public_key,
  0x09: (info) => info.extensions.map(({ oid, critical }) => (critical ? `${oid} critical` : oid)).join('\n'),
  0x11: extension('2.5.29.35'),
  0x12: extension('2.5.29.14'),
  0x13: (info) => info.key_usage.join(','),
  0x14: extension('2.5.29.16'),
  0x15: extension('2.5.29.32'),
  0x16: extension('2.5.29.33'),
  0x17: extension('2.5.29.19'),
  0x18: extension('2.5.29.36'),
  0x19: extension('2.5.29.37'),
  0x1a: extension('2.5.29.31'),
  0x1b: extension('2.16.840.1.113730.1.1'),
  0x1c: (info) => info.extensions.filter(({ oid }) => !oid.startsWith('2.5.29.')).map(({ oid }) => `${oid}=${extensionText(info, oid)}`).join('\n'),
  0x21: issuer('CN'),
  0x22: issuer('O'),
  0x23: issuer('OU'),
  0x31: subject('CN'),
  0x32: subject('O'),
  0x33: subject('OU'),
  0x34: subject(...kMail),
  0x35: (info) => generalized(info.not_before),
  0x36: (info) => generalized(info.not_after),
};

const kBjca: Record<number, Reader> = {
  1: (info) => String(info.version),
  2: (info) => info.serial_number,
  3: (info) => info.algorithm,
  4: issuer('C'),
  5: issuer('O'),
  6: issuer('OU'),
  7: issuer('ST'),
  8: issuer('CN'),
  9: issuer('L'),
  10: issuer(...kMail),
  11: (info) => beijing(info.not_before),
  12: (info) => beijing(info.not_after),
  13: subject('C'),
  14: subject('O'),
  15: subject('OU'),
  16: subject('ST'),
  17: subject('CN'),
  18: subject('L'),
  19: subject(...kMail),
  20: (info) => info.public_key,
  33: (info) => info.subject,
  34: (info) => info.issuer,
};

/** The field of this number; undefined when there is no such number. */
export function certificateField(info: CertificateInfo, type: number, numbers: CertInfoNumbers): string | undefined {
  return (numbers === 'bjca' ? kBjca : kStandard)[type]?.(info);
}

/** What lies under an OID: an extension, else a field of the subject's name. */
export function certificateFieldByOid(info: CertificateInfo, oid: string): string {
  return extensionText(info, oid) || field(info.subject_fields, oid);
}

/** A signature as 64 octets r ‖ s, as some pages pass it, becomes the DER that the agent takes. */
export function signatureDer(octets: Uint8Array): Uint8Array {
  if (octets.length !== 64) return octets;
  const parts = [octets.subarray(0, 32), octets.subarray(32)].map(derInteger);
  const length = parts[0]!.length + parts[1]!.length;
  return Uint8Array.from([0x30, length, ...parts[0]!, ...parts[1]!]);
}

function derInteger(number: Uint8Array): number[] {
  const first = number.findIndex((octet) => octet !== 0);
  const digits = first < 0 ? [0] : [...number.subarray(first)];
  if (digits[0]! >= 0x80) digits.unshift(0);
  return [0x02, digits.length, ...digits];
}
