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
