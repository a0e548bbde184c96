/** Wire shapes of docs/api/kmc.yaml. */
export interface Policy {
  minimum: number;
  target: number;
  expired_days: number;
  history_days: number;
  version: number;
}

export interface StoreStatistics {
  spare: number;
  in_use: number;
  history: number;
  authorities: { id: string; name: string; in_use: number; history: number }[];
}

export interface Making {
  id: string;
  count: number;
  made: number;
  due_at: string;
  requested_by: string;
  created_at: string;
  finished_at?: string;
}

export interface EscrowedKey {
  id: string;
  store: 'in_use' | 'history';
  authority: string;
  certificate: string;
  public_key: string;
  made_at: string;
  delivered_at: string;
  not_before: string;
  not_after: string;
  retired_at?: string;
  reason?: 'revoked' | 'expired';
}

export interface Authority {
  id: string;
  name: string;
  state: 'active' | 'suspended';
  certificate: string;
  subject: string;
  not_after: string;
  tls_fingerprint: string;
  created_at: string;
  changed_at: string;
  version: number;
}

export type RecoveryState = 'open' | 'released' | 'refused' | 'expired';

export interface Recovery {
  id: string;
  kind: 'user' | 'local' | 'judicial';
  state: RecoveryState;
  key_id: string;
  authority: string;
  certificate: string;
  case_key: string;
  target?: string;
  officer?: string;
  requested_by: string;
  grounds: string;
  document_number: string;
  document_name: string;
  has_document: boolean;
  threshold: number;
  approvals: { number: number; custodian: string; given_at: string }[];
  created_at: string;
  expires_at: string;
  finished_at?: string;
}

export interface Custody {
  master_key: string;
  number: number;
  threshold: number;
  shares: number;
  share_file: string;
  sealed: string;
}

export interface Officer {
  id: string;
  name: string;
  organisation: string;
  subject: string;
  state: 'active' | 'retired';
  created_at: string;
}
