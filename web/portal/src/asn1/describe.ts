import { bytesToHex } from '@/lib/format';
import { type Element, oidText, valueOf } from './der';
import { oidName } from './oids';
import type { Locale } from '@/i18n';

const kUniversal: Record<number, string> = {
  1: 'BOOLEAN',
  2: 'INTEGER',
  3: 'BIT STRING',
  4: 'OCTET STRING',
  5: 'NULL',
  6: 'OBJECT IDENTIFIER',
  10: 'ENUMERATED',
  12: 'UTF8String',
  16: 'SEQUENCE',
  17: 'SET',
  18: 'NumericString',
  19: 'PrintableString',
  20: 'TeletexString',
  22: 'IA5String',
  23: 'UTCTime',
  24: 'GeneralizedTime',
  28: 'UniversalString',
  30: 'BMPString',
};
const kTextTags = new Set([12, 18, 19, 20, 22, 23, 24]);
const kMaxHexBytes = 32;

export function tagName(element: Element): string {
  if (element.tagClass === 0) return kUniversal[element.tag] ?? `UNIVERSAL ${element.tag}`;
  const kind = ['', 'APPLICATION ', '', 'PRIVATE '][element.tagClass];
  return `[${kind}${element.tag}]`;
}

const kResidentNumber = /[1-9]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx]/g;

/** Resident identity numbers are shown as the platform shows them elsewhere: masked in the middle. */
export function maskResidentNumbers(text: string): string {
  return text.replace(kResidentNumber, (number) => `${number.slice(0, 3)}${'*'.repeat(13)}${number.slice(-2)}`);
}

/** A short reading of a primitive element's value; empty for a constructed one. */
export function valueText(bytes: Uint8Array, element: Element, locale: Locale): string {
  return maskResidentNumbers(readValue(bytes, element, locale));
}

function readValue(bytes: Uint8Array, element: Element, locale: Locale): string {
  if (element.constructed) return '';
  const value = valueOf(bytes, element);
  if (element.tagClass !== 0) return printableOrHex(value);
  if (element.tag === 6) return oidWithName(oidText(value), locale);
  if (element.tag === 1) return value[0] ? 'TRUE' : 'FALSE';
  if (element.tag === 5) return '';
  if (element.tag === 30) return new TextDecoder('utf-16be').decode(value);
  if (kTextTags.has(element.tag)) return new TextDecoder().decode(value);
  if (element.tag === 2 && value.length <= 4) return String(value.reduce((sum, byte, index) => (index === 0 ? (byte << 24) >> 24 : sum * 256 + byte), 0));
  return shortHex(value);
}

export function oidWithName(oid: string, locale: Locale): string {
  const name = oidName(oid);
  return name ? `${oid} ${name[locale]}` : oid;
}

function printableOrHex(value: Uint8Array): string {
  const printable = value.length > 0 && value.every((byte) => byte >= 0x20 && byte < 0x7f);
  return printable ? new TextDecoder().decode(value) : shortHex(value);
}

export function shortHex(value: Uint8Array): string {
  const hex = bytesToHex(value.subarray(0, kMaxHexBytes));
  return value.length > kMaxHexBytes ? `${hex}…` : hex;
}
