import { base64ToBytes, bytesToBase64 } from './format';

/** DER of the first PEM block whose label fits, of bare base64 text, or null when the file is neither. */
export function readPem(file: Uint8Array, label: RegExp): Uint8Array | null {
  if (file[0] === 0x30) return null;
  const text = new TextDecoder().decode(file);
  for (const match of text.matchAll(/-----BEGIN ([A-Z0-9 ]+)-----([^-]+)-----END \1-----/g)) {
    if (label.test(match[1] as string)) return base64ToBytes(match[2] as string);
  }
  return /^[A-Za-z0-9+/\s]{40,}={0,2}\s*$/.test(text) ? base64ToBytes(text) : null;
}

export function writePem(label: string, der: Uint8Array): string {
  const lines = bytesToBase64(der).match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}
