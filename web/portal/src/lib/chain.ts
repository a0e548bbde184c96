import type { Certificate, Finding, Severity, SignerReport } from '@/api/types';

export type LinkState = 'ok' | 'bad' | 'unknown';

const kRank: Record<Severity, number> = { error: 0, undecided: 1, warning: 2, info: 3 };

export function severityOrder(left: Finding, right: Finding): number {
  return kRank[left.severity] - kRank[right.severity];
}

/** Index of the certificate a finding is about ("chain[2].validity" is 2), or null. */
export function chainIndex(where: string): number | null {
  const match = /(?:^|\.)chain\[(\d+)\]/.exec(where);
  return match ? Number(match[1]) : null;
}

/** The certificate a finding is about: of the signer it names ("signer[1].chain[0]"), else of the chain. */
export function certificateAt(where: string, chain: Certificate[], signers: SignerReport[] = []): Certificate | null {
  const index = chainIndex(where);
  const signer = signerIndex(where);
  const own = signer === null ? chain : (signers[signer]?.chain ?? chain);
  return index === null ? null : (own[index] ?? null);
}

export function signerIndex(where: string): number | null {
  const match = /^signer\[(\d+)\]/.exec(where);
  return match ? Number(match[1]) : null;
}

export function findingsFor(findings: Finding[], index: number): Finding[] {
  return findings.filter((finding) => chainIndex(finding.where) === index);
}

export function worstSeverity(findings: Finding[]): Severity | null {
  return [...findings].sort(severityOrder)[0]?.severity ?? null;
}

const kSignatureWrong = 'path.signature_invalid';
const kSignatureNotJudged = new Set(['path.algorithm_refused', 'path.key_refused', 'path.budget']);

/**
 * Whether certificate `index` is signed by the next one, as far as the report says: an error about its
 * signature breaks the link, and the last certificate of a chain without an anchor has no known issuer.
 */
export function linkState(chain: Certificate[], findings: Finding[], index: number): LinkState {
  const codes = findingsFor(findings, index).map((finding) => finding.code);
  if (codes.includes(kSignatureWrong)) return 'bad';
  if (codes.some((code) => kSignatureNotJudged.has(code))) return 'unknown';
  return index + 1 < chain.length ? 'ok' : 'unknown';
}

/** A chain that does not end in a trust anchor is drawn with an open end. */
export function isAnchored(chain: Certificate[]): boolean {
  return chain[chain.length - 1]?.role === 'anchor';
}

export function sameChain(left: Certificate[], right: Certificate[]): boolean {
  return left.length === right.length && left.every((item, index) => item.sha256 === right[index]?.sha256);
}
