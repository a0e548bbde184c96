import { type Element, oidText, parseDer, valueOf } from './der';

export interface Extension {
  oid: string;
  critical: boolean;
  /** The value inside the OCTET STRING. */
  value: Uint8Array;
}

/**
 * The extensions of a DER certificate (RFC 5280 4.1: [3] in TBSCertificate), in their order. Null when the
 * bytes cannot be read as a certificate.
 */
export function readExtensions(der: Uint8Array): Extension[] | null {
  try {
    const tbs = parseDer(der).children[0];
    if (!tbs) return null;
    const holder = tbs.children.find((child) => child.tagClass === 2 && child.tag === 3);
    return (holder?.children[0]?.children ?? []).map((element) => readExtension(der, element));
  } catch {
    return null;
  }
}

function readExtension(der: Uint8Array, element: Element): Extension {
  const [oid, ...rest] = element.children;
  const value = rest[rest.length - 1];
  if (!oid || !value) throw new Error('extension');
  const critical = rest.length === 2 && valueOf(der, rest[0] as Element)[0] !== 0;
  return { oid: oidText(valueOf(der, oid)), critical, value: valueOf(der, value) };
}

const kKeyUsageBits = [
  'digitalSignature',
  'nonRepudiation',
  'keyEncipherment',
  'dataEncipherment',
  'keyAgreement',
  'keyCertSign',
  'cRLSign',
  'encipherOnly',
  'decipherOnly',
];

/** Names of the bits set in a keyUsage value (RFC 5280 4.2.1.3: a BIT STRING). */
export function keyUsageNames(value: Uint8Array): string[] {
  const bits = value.subarray(3); // tag, length, number of unused bits
  return kKeyUsageBits.filter((_, index) => ((bits[index >> 3] ?? 0) & (0x80 >> (index & 7))) !== 0);
}

/** basicConstraints (RFC 5280 4.2.1.9) as text: "CA: TRUE, pathLen: 0". */
export function basicConstraintsText(value: Uint8Array): string {
  const fields = parseDer(value).children;
  const ca = fields.some((field) => field.tag === 1 && valueOf(value, field)[0] !== 0);
  const pathLength = fields.find((field) => field.tag === 2);
  return `CA: ${ca ? 'TRUE' : 'FALSE'}${pathLength ? `, pathLen: ${valueOf(value, pathLength)[0]}` : ''}`;
}

/** Readable leaves of an extension's value: texts, addresses, identifiers; at most `limit`. */
export function extensionLeaves(value: Uint8Array, describe: (bytes: Uint8Array, leaf: Element) => string, limit = 12): string[] {
  const leaves: string[] = [];
  const visit = (element: Element) => {
    if (leaves.length >= limit) return;
    if (element.constructed) element.children.forEach(visit);
    else leaves.push(describe(value, element));
  };
  try {
    visit(parseDer(value));
  } catch {
    return [];
  }
  return leaves.filter((text) => text !== '');
}
