/** Writes the few DER values that the page makes itself: certificate requests and encrypted keys. */
const kUniversalConstructed = 0x20;

export function concat(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let position = 0;
  for (const part of parts) {
    whole.set(part, position);
    position += part.length;
  }
  return whole;
}

function lengthOctets(length: number): Uint8Array {
  if (length < 0x80) return Uint8Array.of(length);
  const octets: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) octets.unshift(rest % 256);
  return Uint8Array.of(0x80 | octets.length, ...octets);
}

export function derElement(tag: number, content: Uint8Array): Uint8Array {
  return concat([Uint8Array.of(tag), lengthOctets(content.length), content]);
}

export const derSequence = (...parts: Uint8Array[]): Uint8Array => derElement(0x10 | kUniversalConstructed, concat(parts));
export const derSet = (...parts: Uint8Array[]): Uint8Array => derElement(0x11 | kUniversalConstructed, concat(parts));
export const derOctetString = (content: Uint8Array): Uint8Array => derElement(0x04, content);
export const derBitString = (content: Uint8Array): Uint8Array => derElement(0x03, concat([Uint8Array.of(0), content]));
export const derUtf8 = (text: string): Uint8Array => derElement(0x0c, new TextEncoder().encode(text));
export const derPrintable = (text: string): Uint8Array => derElement(0x13, new TextEncoder().encode(text));
/** [tag], constructed. */
export const derContext = (tag: number, content: Uint8Array): Uint8Array => derElement(0xa0 | tag, content);

/** A whole number that is not negative. */
export function derInteger(value: number): Uint8Array {
  const octets: number[] = [];
  for (let rest = value; rest > 0; rest = Math.floor(rest / 256)) octets.unshift(rest % 256);
  if (octets.length === 0 || (octets[0] as number) >= 0x80) octets.unshift(0);
  return derElement(0x02, Uint8Array.from(octets));
}

export function derOid(dotted: string): Uint8Array {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  const octets = [first * 40 + second, ...rest].flatMap((arc) => {
    const digits = [arc % 128];
    for (let left = Math.floor(arc / 128); left > 0; left = Math.floor(left / 128)) digits.unshift((left % 128) | 0x80);
    return digits;
  });
  return derElement(0x06, Uint8Array.from(octets));
}
