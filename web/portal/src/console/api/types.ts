/** Wire shapes of docs/api/operators.yaml, as far as the pages read them. */
export type Role = 'super_administrator' | 'audit_administrator' | 'business_administrator' | 'business_operator' | 'auditor';
export const kRoles: readonly Role[] = ['super_administrator', 'audit_administrator', 'business_administrator', 'business_operator', 'auditor'];

export interface Page<T> {
  items: T[];
  next?: string;
}

export interface Challenge {
  challenge: string;
  issued_at: string;
  expires_at: string;
  audiences: string[];
  purpose: string;
}

export interface Operator {
  id: string;
  display_name: string;
  role: Role;
  rights: string[];
  effective_rights: string[];
  /** GB/T 2260; empty: everywhere. */
  region: string;
  state: 'active' | 'retired';
  subject: string;
  serial: string;
  not_after: string;
  fingerprint: string;
  certificate?: string;
  created_by: string;
  created_at: string;
  changed_at: string;
  version: number;
}

export interface OpenedSession {
  token: string;
  session_id: string;
  expires_at: string;
  idle_seconds: number;
  heartbeat_seconds: number;
  operator: Operator;
}

export interface Right {
  code: string;
  zh: string;
  en: string;
  inherent: Role[];
  grantable: Role[];
  machines: boolean;
  /** Operators bound to a region may be granted it. */
  regional: boolean;
}

export type Outcome = 'done' | 'refused' | 'failed';
export type SignatureVerdict = 'none' | 'valid' | 'invalid' | 'unknown_signer';

export interface AuditRecord {
  sequence: number;
  time: string;
  actor: { subject: string; fingerprint: string };
  action: string;
  object: { kind: string; id: string };
  outcome: Outcome;
  detail: unknown;
  signature: SignatureVerdict;
  audited_at?: string;
  audited_by?: string;
  archived_at?: string;
}

export interface FullAuditRecord extends AuditRecord {
  previous: string;
  hash: string;
  signed?: { content: string; text: string; signature: string; certificate?: string };
}

export interface AuditVerification {
  whole: boolean;
  first: number;
  records: number;
  head: { sequence: number; hash: string };
  defect: 'none' | 'gap' | 'previous_hash' | 'hash' | 'tail';
  defect_at: number;
  signatures: { valid: number; unsigned: number; wrong: number; wrong_records: { sequence: number; signature: SignatureVerdict }[] };
}

export interface Archive {
  id: string;
  first: number;
  last: number;
  head_hash: string;
  file_name: string;
  created_by: string;
  created_at: string;
}

export interface Client {
  id: string;
  display_name: string;
  rights: string[];
  credential: 'certificate' | 'key';
  fingerprint: string;
  state: 'active' | 'retired';
  created_at: string;
  version: number;
  key?: string;
}
