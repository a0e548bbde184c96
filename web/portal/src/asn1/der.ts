/**
 * A small DER reader for showing a certificate's bytes to a person. It judges nothing (the platform does);
 * it only has to stay within its budgets on hostile input.
 */
export interface Element {
  tagClass: 0 | 1 | 2 | 3;
  constructed: boolean;
  tag: number;
  /** Offsets in the whole buffer: start of the element, of its value, and its end. */
  start: number;
  valueStart: number;
  end: number;
  children: Element[];
}

export const kMaxDepth = 32;
export const kMaxElements = 20_000;

export class DerError extends Error {}

interface Budget {
  elements: number;
}

/** The one element that fills `bytes`, with its children; throws DerError. */
export function parseDer(bytes: Uint8Array): Element {
  const element = readElement(bytes, 0, bytes.length, 0, { elements: kMaxElements });
  if (element.end !== bytes.length) throw new DerError('trailing bytes');
  return element;
}

function readElement(bytes: Uint8Array, start: number, limit: number, depth: number, budget: Budget): Element {
  if (depth > kMaxDepth) throw new DerError('nested too deeply');
  if (--budget.elements < 0) throw new DerError('too many elements');
  const first = at(bytes, start, limit);
  let position = start + 1;
  let tag = first & 0x1f;
  if (tag === 0x1f) [tag, position] = readLongTag(bytes, position, limit);
  const [length, valueStart] = readLength(bytes, position, limit);
  const end = valueStart + length;
  if (end > limit) throw new DerError('element runs past its end');
  const constructed = (first & 0x20) !== 0;
  const tagClass = (first >> 6) as Element['tagClass'];
  const children = constructed ? readChildren(bytes, valueStart, end, depth + 1, budget) : [];
  return { tagClass, constructed, tag, start, valueStart, end, children };
}

function readChildren(bytes: Uint8Array, start: number, end: number, depth: number, budget: Budget): Element[] {
  const children: Element[] = [];
  for (let position = start; position < end; ) {
    const child = readElement(bytes, position, end, depth, budget);
    children.push(child);
    position = child.end;
  }
  return children;
}

function readLongTag(bytes: Uint8Array, start: number, limit: number): [number, number] {
  let tag = 0;
  for (let position = start; position < start + 4; position += 1) {
    const byte = at(bytes, position, limit);
    tag = tag * 128 + (byte & 0x7f);
    if ((byte & 0x80) === 0) return [tag, position + 1];
  }
  throw new DerError('tag too large');
}

function readLength(bytes: Uint8Array, start: number, limit: number): [number, number] {
  const first = at(bytes, start, limit);
  if (first < 0x80) return [first, start + 1];
  const count = first & 0x7f;
  if (count === 0 || count > 4) throw new DerError('length form');
  let length = 0;
  for (let index = 1; index <= count; index += 1) length = length * 256 + at(bytes, start + index, limit);
  return [length, start + 1 + count];
}

function at(bytes: Uint8Array, position: number, limit: number): number {
  if (position >= limit) throw new DerError('truncated');
  return bytes[position] as number;
}

export function valueOf(bytes: Uint8Array, element: Element): Uint8Array {
  return bytes.subarray(element.valueStart, element.end);
}

/** Dotted form of an object identifier's value. */
export function oidText(value: Uint8Array): string {
  const arcs: bigint[] = [];
  let arc = 0n;
  for (const byte of value) {
    arc = arc * 128n + BigInt(byte & 0x7f);
    if ((byte & 0x80) === 0) {
      arcs.push(arc);
      arc = 0n;
    }
  }
  const head = arcs.shift() ?? 0n;
  const root = head >= 80n ? 2n : head / 40n;
  return [root, head - root * 40n, ...arcs].join('.');
}
