/** What a page hands over as content: octets as they are, or text, which counts as its UTF-8 octets. */
export type Octets = Uint8Array | string;

export function octetsOf(content: Octets): Uint8Array {
  return typeof content === 'string' ? new TextEncoder().encode(content) : content;
}

/** Base64 without line breaks (RFC 4648, padded). */
export function toBase64(octets: Uint8Array): string {
  const kPiece = 0x8000; // so many arguments every engine takes
  let binary = '';
  for (let at = 0; at < octets.length; at += kPiece) binary += String.fromCharCode(...octets.subarray(at, at + kPiece));
  return btoa(binary);
}

/** Line breaks and blanks are skipped. Throws on anything else that is no base64. */
export function fromBase64(text: string): Uint8Array {
  const binary = atob(text.replace(/\s+/g, ''));
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}

export function toHex(octets: Uint8Array): string {
  return Array.from(octets, (octet) => octet.toString(16).padStart(2, '0')).join('');
}

/** The octets as a DataView wants to show them, whatever they are a part of. */
export function viewOf(octets: Uint8Array): DataView {
  return new DataView(octets.buffer, octets.byteOffset, octets.byteLength);
}
