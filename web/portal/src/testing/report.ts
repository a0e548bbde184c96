import fixtures from '../../dev/fixtures.json';
import type { Certificate, Finding, Report, Severity } from '@/api/types';

/** Material for unit tests: real SM2 certificates made with OpenSSL, in reports as the platform writes them. */
export const certificates = fixtures as unknown as { leaf: Certificate; sub: Certificate; root: Certificate };

export function makeFinding(severity: Severity, code: string, where = ''): Finding {
  return { code, severity, where, clause: 'RFC 5280 6.1', message_zh: `中文 ${code}`, message_en: `English ${code}` };
}

export function makeReport(changes: Partial<Report> = {}): Report {
  const { leaf, sub, root } = certificates;
  return {
    id: '01JABCDEFGHJKMNPQRSTVWXYZ0',
    kind: 'certificate',
    indication: 'valid',
    at: '2027-01-01T00:00:00Z',
    created_at: '2027-01-01T00:00:00Z',
    file: { name: 'good.cer', size: 799, sm3: leaf.sm3, encoding: 'der' },
    findings: [],
    chain: [leaf, sub, root],
    revocation: [],
    trust_list: {
      number: 7,
      sm3: root.sm3,
      issued_at: '2026-12-01T00:00:00Z',
      next_update: '2027-02-01T00:00:00Z',
      operator_zh: '运营方',
      operator_en: 'Operator',
    },
    ...changes,
  };
}
