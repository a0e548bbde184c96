/** The wire shapes of docs/openapi.json, tags "vendors" and "trust". */
export const kVendorStates = ['applied', 'documents_checked', 'joint_test_passed', 'accredited', 'suspended', 'withdrawn'] as const;
export type VendorState = (typeof kVendorStates)[number];
export const kDocumentKinds = ['licence', 'joint_test_report', 'peer_attestation', 'other'] as const;
export type DocumentKind = (typeof kDocumentKinds)[number];
export type StepState = 'open' | 'released' | 'rejected';
export type ServiceKind = 'root' | 'ca' | 'tsa' | 'ocsp';
export type VendorRole = 'purchaser' | 'agency' | 'supplier' | 'expert';
export type ServiceStatus = 'granted' | 'suspended' | 'withdrawn';

export interface VendorService {
  kind: ServiceKind;
  name_zh: string;
  name_en: string;
  certificate: string;
}

export interface VendorContent {
  name_zh: string;
  name_en: string;
  uscc: string;
  first_batch: boolean;
  connector: { kind: 'rest' | 'cmp'; address: string };
  commitments: { issue_hours: number; hotline: string; replacement_hours?: number; online_address?: string };
  contacts?: { name: string; telephone: string; position?: string; email?: string }[];
  licences?: { kind: string; number: string; valid_until: string }[];
  fees?: { role: VendorRole; certificate_fen_per_year: number; token_fen?: number }[];
  drivers?: { name: string; version: string; system: string; address?: string }[];
  counters?: { region: string; address: string; telephone?: string }[];
  services?: VendorService[];
}

export interface Vendor extends VendorContent {
  id: string;
  state: VendorState;
  /** A step or a change waits for its second person. */
  waiting: boolean;
  created_at: string;
  changed_at: string;
  version: number;
}

export interface VendorDocument {
  id: string;
  kind: DocumentKind;
  file_name: string;
  sm3: string;
  size: number;
  added_at: string;
}

export interface VendorStep {
  id: string;
  from: VendorState;
  to: VendorState;
  reason: string;
  content?: VendorContent;
  state: StepState;
  proposed_by: string;
  proposed_at: string;
  decided_by?: string;
  decided_at?: string;
  decision_reason?: string;
}

export type ConnectorOutcome = 'answered' | 'connector.away' | 'connector.refused' | 'connector.answer';

/** What came of asking a vendor who it is. */
export interface ConnectorCheck {
  id: string;
  kind: 'rest' | 'cmp';
  address: string;
  question: 'service' | 'ca_certificates';
  asked_by: string;
  asked_at: string;
  milliseconds: number;
  outcome: ConnectorOutcome;
  answered_by: string;
  detail: string;
}

export interface VendorDossier extends Vendor {
  documents: VendorDocument[];
  steps: VendorStep[];
  connector_checks: ConnectorCheck[];
}

export interface CommitmentReport {
  measured_at: string;
  promised_hours: number;
  said_hours: number | null;
  orders: number;
  in_time: number;
  late: number;
  waiting: number;
  overdue: number;
  median_seconds: number | null;
  longest_seconds: number | null;
  broken: { id: string; kind: string; entered_at: string; made_at: string | null }[];
}

export interface TrustRelease {
  id: string;
  number: number;
  valid_days: number;
  reason: string;
  state: StepState;
  proposed_by: string;
  proposed_at: string;
  decided_at?: string;
  decision_reason?: string;
}

export interface DraftChange {
  kind: 'added' | 'status' | 'details';
  service: string;
  name_zh: string;
  name_en: string;
  vendor_zh: string;
  vendor_en: string;
  from: ServiceStatus | '';
  to: ServiceStatus;
}

export interface DraftService {
  id: string;
  name_zh: string;
  name_en: string;
  vendor_zh: string;
  vendor_en: string;
  kind: ServiceKind;
  status: ServiceStatus;
  subject: string;
  not_after: string;
}

export interface TrustDraft {
  number: number;
  sm3: string;
  services: DraftService[];
  changes: DraftChange[];
  open?: TrustRelease;
}

export const kSystemStates = ['proposed', 'active', 'suspended', 'rejected', 'retired'] as const;
export type SystemState = (typeof kSystemStates)[number];

export const kIdTokenAlgorithms = ['ES256', 'SGD_SM3_SM2'] as const;

export interface SystemContent {
  name_zh: string;
  name_en: string;
  redirect_uris: string[];
  after_logout_uris: string[];
  id_token_signed_response_alg: (typeof kIdTokenAlgorithms)[number];
}

/** What takes two persons at a business system that exists. */
export type SystemStepKind = 'resumption' | 'secret';
export interface SystemStep {
  id: string;
  step: SystemStepKind;
  reason: string;
  proposed_by: string;
  proposed_at: string;
  /** Of a new secret, in the answer to whoever proposed it. */
  client_secret?: string;
}

/** A business system whose users log in through the platform. */
export interface BusinessSystem extends SystemContent {
  client_id: string;
  state: SystemState;
  proposed_by: string;
  proposed_at: string;
  decided_by?: string;
  decided_at?: string;
  suspended_because?: string;
  waiting?: SystemStep;
}

export const kSubjectKinds = ['organisation', 'person'] as const;
export type SubjectKind = (typeof kSubjectKinds)[number];
export const kSubjectRoles = ['purchaser', 'agency', 'supplier', 'expert'] as const;
export type SubjectRole = (typeof kSubjectRoles)[number];

/** Who holds certificates; the number of a person is masked. */
export interface Subject {
  id: string;
  kind: SubjectKind;
  number: string;
  name: string;
  roles: SubjectRole[];
  region: string;
  created_at: string;
  changed_at: string;
  version: number;
}

export interface Region {
  code: string;
  name_zh: string;
  name_en: string;
}
