import type { Finding, Report } from '@/api/types';
import type { MessageKey } from '@/i18n';
import { severityOrder } from './chain';

/** All findings of a report, those of its signers included, gravest first. */
export function allFindings(report: Report): Finding[] {
  const signers = (report.signers ?? []).flatMap((signer) => signer.findings);
  const seen = new Set<string>();
  return [...report.findings, ...signers].sort(severityOrder).filter((finding) => {
    const key = identityOf(finding);
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

/** The finding that decided the verdict; none when it is valid. */
export function decidingFinding(report: Report): Finding | null {
  if (report.indication === 'valid') return null;
  const wanted = report.indication === 'invalid' ? 'error' : 'undecided';
  const findings = allFindings(report);
  return findings.find((finding) => finding.severity === wanted) ?? findings[0] ?? null;
}

/** What to say about a report that needs no finding to explain it. */
export function generalReason(report: Report): MessageKey {
  if (report.indication === 'invalid') return 'reason.invalid';
  if (report.indication === 'indeterminate') return 'reason.indeterminate';
  switch (report.kind) {
    case 'certificate':
    case 'certificate_bundle':
      return report.chain[0]?.status === 'good' ? 'reason.certificate' : 'reason.certificate_unchecked';
    case 'signed_message':
    case 'detached_signature':
      return 'reason.signature';
    case 'timestamp':
      return 'reason.timestamp';
    case 'crl':
      return 'reason.crl';
    case 'certificate_request':
      return 'reason.request';
    case 'ocsp_response':
      return 'reason.ocsp';
    default:
      return 'reason.valid';
  }
}

/** What to do now. */
export function advice(report: Report): MessageKey {
  if (report.kind === 'unknown') return 'advice.unknown';
  if (report.kind === 'certificate_request' && report.indication === 'valid') return 'advice.request';
  if (report.kind === 'enveloped_message' && report.indication === 'indeterminate') return 'advice.envelope';
  return `advice.${report.indication}`;
}

/** Findings of the whole report that no signer's block shows already. */
export function findingsBesideSigners(report: Report): Finding[] {
  const shown = new Set((report.signers ?? []).flatMap((signer) => signer.findings).map(identityOf));
  return report.findings.filter((finding) => !shown.has(identityOf(finding)));
}

function identityOf(finding: Finding): string {
  return `${finding.code}|${finding.where}|${finding.message_en}`;
}

/** What was signed or stamped is elsewhere and was not compared: which of the two, or null. */
export function missingContent(report: Report): 'signature' | 'timestamp' | null {
  const codes = allFindings(report).map((finding) => finding.code);
  if (codes.includes('cms.missing_content')) return 'signature';
  return codes.includes('timestamp.content_not_given') ? 'timestamp' : null;
}
