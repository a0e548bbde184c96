import type { Certificate } from '@/api/types';

/** Value of an attribute by its short name (CN, O, …), first occurrence. */
export function attribute(certificate: Certificate, short: string): string {
  return certificate.subject_attributes.find((item) => item.short === short)?.value ?? '';
}

/** The name a person would call the certificate by. */
export function displayName(certificate: Certificate): string {
  return attribute(certificate, 'CN') || attribute(certificate, 'OU') || attribute(certificate, 'O') || certificate.subject;
}

/** Most specific readable part of an RFC 4514 name, for places that have only the text. */
export function shortName(name: string): string {
  for (const type of ['CN', 'OU', 'O']) {
    const match = new RegExp(`(?:^|[,+])\\s*${type}=((?:\\\\.|[^,+\\\\])*)`, 'i').exec(name);
    if (match?.[1]) return match[1].replace(/\\(.)/g, '$1');
  }
  return name;
}
