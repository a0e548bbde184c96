/**
 * The wire shapes of the platform's API that the portal reads. Field names are the API's (snake_case);
 * optional fields are the ones a report may leave out.
 */
export type Indication = 'valid' | 'invalid' | 'indeterminate';
export type Severity = 'error' | 'undecided' | 'warning' | 'info';
export type RevocationMode = 'require' | 'prefer' | 'none';
export type CertificateStatus = 'good' | 'revoked' | 'on_hold' | 'unknown' | 'not_checked';
export type CertificateRole = 'end_entity' | 'intermediate' | 'anchor';
export type TrustListState = 'current' | 'missing' | 'expired' | 'bad_signature' | 'malformed';
export type ReportKind =
  | 'certificate'
  | 'certificate_bundle'
  | 'crl'
  | 'certificate_request'
  | 'signed_message'
  | 'detached_signature'
  | 'enveloped_message'
  | 'timestamp'
  | 'ocsp_response'
  | 'unknown';

export interface Finding {
  code: string;
  severity: Severity;
  /** What it is about: "chain[0].validity", "signer[1]", "file"; empty for the whole object. */
  where: string;
  clause: string;
  message_zh: string;
  message_en: string;
}

export interface NamedValue {
  name_zh: string;
  name_en: string;
  value: string;
}

export interface SubjectAttribute extends NamedValue {
  oid: string;
  short?: string;
}

export interface Certificate {
  role: CertificateRole;
  subject: string;
  issuer: string;
  subject_attributes: SubjectAttribute[];
  serial: string;
  not_before: string;
  not_after: string;
  public_key: string;
  signature_algorithm: string;
  key_usage: string[];
  extended_key_usage: string[];
  is_ca: boolean;
  identity: NamedValue[];
  status: CertificateStatus;
  revoked_at?: string;
  revocation_reason?: string;
  vendor?: { name_zh: string; name_en: string };
  sha256: string;
  sm3: string;
  /** base64 */
  /** Base64. Not in stored reports when it tells who a natural person is. */
  der?: string;
}

export interface RevocationSource {
  kind: 'crl' | 'ocsp' | 'delta_crl';
  issuer: string;
  this_update: string;
  next_update?: string;
  number?: string;
  sm3: string;
  used_for: string;
}

export interface TrustListReference {
  number: number;
  sm3: string;
  issued_at: string;
  next_update: string;
  operator_zh: string;
  operator_en: string;
}

export interface CrlSummary {
  issuer: string;
  this_update: string;
  next_update?: string;
  number?: string;
  entries: number;
  is_delta: boolean;
  distribution_points?: string[];
  revoked_sample?: { serial: string; revoked_at: string; reason?: string }[];
}

export interface RequestSummary {
  subject: string;
  public_key: string;
  signature_ok: boolean;
  attributes?: (NamedValue | string)[];
}

export interface SignerReport {
  indication: Indication;
  subject: string;
  signing_time?: string;
  digest: string;
  timestamp?: { time: string; indication: Indication; tsa: string };
  chain: Certificate[];
  findings: Finding[];
}

export interface MessageSummary {
  type: 'gmt0010' | 'cms' | 'pkcs7';
  content_size?: number;
  content_sm3?: string;
  detached: boolean;
  recipients?: { issuer: string; serial: string; algorithm: string }[];
  certificates?: number;
}

export interface TimestampSummary {
  time: string;
  accuracy_ms?: number;
  serial: string;
  policy: string;
  imprint_algorithm: string;
  imprint_matches: boolean | null;
  tsa: string;
}

export interface Report {
  id: string;
  kind: ReportKind;
  indication: Indication;
  at: string;
  created_at: string;
  file: { name: string; size: number; sm3: string; encoding: string };
  findings: Finding[];
  chain: Certificate[];
  revocation: RevocationSource[];
  trust_list: TrustListReference | null;
  crl?: CrlSummary;
  request?: RequestSummary;
  signers?: SignerReport[];
  message?: MessageSummary;
  timestamp?: TimestampSummary;
  /** What it can be computed again from; null when the platform could not keep that. */
  inputs?: RecognitionInputs | null;
}

export interface RecognitionInputs {
  program: string;
  revocation: RevocationMode;
  content_sm3?: string;
  chain_sm3: string[];
  revocation_sm3: string[];
}

/** A report computed a second time, from what it rested on. */
export interface Recomputation {
  id: string;
  created_at: string;
  indication: Indication;
  program: string;
  same: boolean;
  /** Members of the report that differ. */
  differences: string[];
  report: { indication: Indication; findings: Finding[] };
}

export interface TrustService {
  name_zh: string;
  name_en: string;
  vendor_zh?: string;
  vendor_en?: string;
  status: string | null;
  subject: string;
  sm3: string;
}

export interface TrustList {
  state: TrustListState;
  number?: number;
  sm3?: string;
  issued_at?: string;
  next_update?: string;
  operator_zh?: string;
  operator_en?: string;
  services?: TrustService[];
}

export interface Example {
  name: string;
  title_zh: string;
  title_en: string;
  hint_zh: string;
  hint_en: string;
  expected: Indication;
  /** Name of the example that holds the content of a detached signature. */
  content?: string;
}

/** Where one can log in to a demonstration. */
export interface LoginPlace {
  kind: 'program' | 'business_system';
  title_zh: string;
  title_en: string;
  address: string;
  /** Of the key files, or the PIN of a token. */
  password: string;
  people: { name_zh: string; name_en: string; file: string; does_zh: string; does_en: string }[];
}

/** RFC 9457 problem body. */
export interface ProblemBody {
  type?: string;
  title?: string;
  status?: number;
  detail?: string;
  code?: string;
  instance?: string;
}
