/** Wire shapes of docs/api/ca.yaml. */
export const kOrderStates = ['entered', 'submitted', 'approved', 'issued', 'delivered', 'done', 'refused', 'cancelled'] as const;
export type OrderState = (typeof kOrderStates)[number];
export const kOrderKinds = ['application', 'renewal', 'change', 'suspension', 'release', 'revocation', 'recovery'] as const;
export type OrderKind = (typeof kOrderKinds)[number];
export const kMaterialKinds = ['application_form', 'licence', 'identity_card', 'authorisation', 'receipt', 'other'] as const;
export type MaterialKind = (typeof kMaterialKinds)[number];
export const kSubjectRoles = ['purchaser', 'agency', 'supplier', 'expert', 'other'] as const;
export type SubjectRole = (typeof kSubjectRoles)[number];
export const kRevocationReasons = [
  'unspecified',
  'key_compromise',
  'affiliation_changed',
  'superseded',
  'cessation_of_operation',
  'privilege_withdrawn',
] as const;

export interface Applicant {
  name: string;
  number: string;
  role?: SubjectRole;
  region?: string;
  contact?: string;
  phone?: string;
  email?: string;
}

export interface Subject {
  attributes?: Record<string, string>;
  identities?: Record<string, string>;
  emails?: string[];
  dns_names?: string[];
}

export interface NewOrder {
  kind: OrderKind;
  applicant?: Applicant;
  template?: string;
  subject?: Subject;
  days?: number;
  request?: string;
  certificate?: string;
  reason?: string;
  submit?: boolean;
  note?: string;
}

export interface OrderSummary {
  id: string;
  kind: OrderKind;
  state: OrderState;
  version: number;
  template: string;
  applicant: Applicant;
  certificate?: string;
  entered_at: string;
  entered_by: string;
  changed_at: string;
  has_request: boolean;
  problem?: { code: string; detail: string; at: string };
  batch?: string;
}

export interface Step {
  number: number;
  step: string;
  state: OrderState;
  at: string;
  actor: string;
  fingerprint: string;
  signed: boolean;
  note?: string;
}

export interface Material {
  sm3: string;
  kind: MaterialKind;
  file_name: string;
  media_type: string;
  size: number;
  at: string;
}

export interface Fee {
  item: string;
  cents: number;
  receipt?: string;
  at?: string;
}

export interface CertificateSummary {
  serial: string;
  state: 'valid' | 'suspended' | 'revoked';
  subject: string;
  template: string;
  template_version: number;
  not_before: string;
  not_after: string;
  order?: string;
  pair?: string;
  changed_at: string;
  reason?: string;
  use?: 'signing' | 'encryption' | 'other';
  certificate?: string;
}

export interface Order extends OrderSummary {
  subject?: Subject;
  days?: number;
  key?: { algorithm: string; bits: number };
  reason?: string;
  steps: Step[];
  materials: Material[];
  fees: Fee[];
  certificates: CertificateSummary[];
  next_steps: string[];
  pick_up_secret?: string;
}

export interface IssuedObjects {
  signing_certificate: string;
  encryption_certificate?: string;
  enveloped_key?: string;
  chain: string[];
}

export interface TemplateAttribute {
  attribute: string;
  required: boolean;
  fixed?: string;
}

export interface TemplateIdentity {
  field: string;
  oid: string;
  required: boolean;
  check?: string;
}

export interface Template {
  id: string;
  version: number;
  name_zh: string;
  name_en: string;
  key: 'request' | 'key_centre';
  days: number;
  most_days: number;
  subject: TemplateAttribute[];
  identity?: TemplateIdentity[];
  key_usage: string[];
  extended_key_usage?: string[];
  policies?: string[];
  encryption_template?: string;
  granted?: boolean;
  [more: string]: unknown;
}

export interface ImportReport {
  batch?: string;
  rows: number;
  good: number;
  imported: number;
  orders: string[];
  findings: { row: number; column: string; code: string; message_zh: string; message_en: string }[];
}

export interface ImportColumn {
  field: string;
  zh: string;
  en: string;
  required: boolean;
}

export interface ApplicationState {
  id: string;
  state: OrderState;
  changed_at: string;
  note?: string;
  pick_up_secret?: string;
}

export interface Statistics {
  orders: Partial<Record<OrderState, number>>;
  certificates: Record<string, number>;
  key_centre_tasks: number;
}
