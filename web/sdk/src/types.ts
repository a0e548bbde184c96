// What the agent answers, as it writes it (docs/agent-protocol.md). Certificates, signatures and messages are base64 of DER, public keys
// hexadecimal of 04 ‖ x ‖ y, times RFC 3339.

/** An application in a token: what one logs in to. */
export interface ApplicationPlace {
  token: string;
  application: string;
}

/** A container in it: a signature key pair, an encryption key pair and their certificates. */
export interface Place extends ApplicationPlace {
  container: string;
}

export type KeyUse = 'signature' | 'encryption';
export type Indication = 'valid' | 'invalid' | 'indeterminate';

export interface Hello {
  agent: string;
  version: string;
  protocol: number;
  origin: string;
  /** Whether this page's origin may use the agent. */
  allowed: boolean;
}

export interface AgentStatus {
  tls: { expires: string; days_left: number };
  memory_octets: number;
  uptime_seconds: number;
  connections: number;
  refused: Record<string, number>;
  prompt: { program: string; found: boolean };
  logins?: (ApplicationPlace & { purpose: string; since: string })[];
}

export interface Trouble {
  code: string;
  detail: string;
}

export interface Pin {
  most_tries: number;
  tries_left: number;
  factory_default: boolean;
}

export interface KeyPair {
  public_key: string;
  certificate: string | null;
}

export interface Container {
  container: string;
  signature: KeyPair | null;
  encryption: KeyPair | null;
}

export interface Application {
  application: string;
  logged_in: boolean;
  user_pin: Pin;
  administrator_pin: Pin;
  problem: Trouble | null;
  containers: Container[];
}

export interface TokenFacts {
  token: string;
  driver: string;
  name: string;
  manufacturer: string;
  label: string;
  serial_number: string;
  problem: Trouble | null;
}

export interface Token extends TokenFacts {
  applications: Application[];
}

export type DriverState =
  | 'ready'
  | 'not_installed'
  | 'crashed'
  | 'hung'
  | 'faulty'
  | 'refused_digest'
  | 'refused_library'
  | 'refused_symbol'
  | 'not_started';

export interface Driver {
  driver: string;
  vendor: string;
  vendor_zh: string;
  product: string;
  installed: boolean;
  library: string;
  devices: number;
  state: DriverState;
  reason: string;
  detail: string;
  restarts: number;
  took_ms: number;
  quirks: unknown[];
}

/** A smart card in a reader. */
export interface SmartCard {
  reader: string;
  /** Answer to reset, hexadecimal. */
  atr: string;
  /** Of a driver in the list; null when no description knows the card. */
  driver: string | null;
  label: string;
  serial_number: string;
  /** `pcsc.mute_card`, `pcsc.card_in_use`, `pcsc.card`; empty when there is none. */
  problem: string;
}

export interface SmartCards {
  /** Why the service for smart cards says nothing: `pcsc.no_service` …; empty when it does. */
  reason: string;
  detail: string;
  readers: string[];
  cards: SmartCard[];
}

export interface TokenList {
  generation: number;
  tokens: Token[];
  drivers: Driver[];
  smart_cards: SmartCards;
  description_errors: Trouble[];
}

export interface DeviceInfo extends TokenFacts {
  structure_version: string;
  issuer: string;
  hardware_version: string;
  firmware_version: string;
  symmetric_algorithms: number;
  asymmetric_algorithms: number;
  hash_algorithms: number;
  total_space: number;
  free_space: number;
  most_ecc_octets: number;
  most_cipher_octets: number;
}

export interface NameField {
  /** "CN", "O" …, or a dotted OID. */
  type: string;
  value: string;
}

export interface CertificateFacts {
  version: number;
  serial_number: string;
  subject: string;
  issuer: string;
  subject_fields: NameField[];
  issuer_fields: NameField[];
  not_before: string;
  not_after: string;
  algorithm: string;
  public_key: string;
  key_usage: string[];
  fingerprint_sm3: string;
}

export interface CertificateExtension {
  oid: string;
  critical: boolean;
  /** Base64 of what is inside extnValue. */
  value: string;
  /** The text, when the value is one string. */
  text: string | null;
}

export interface CertificateInfo extends CertificateFacts {
  extensions: CertificateExtension[];
}

export interface TokenCertificate extends Place, CertificateFacts {
  use: KeyUse;
  certificate: string;
}

export interface Finding {
  code: string;
  severity: 'error' | 'undecided' | 'warning' | 'info';
  where: string;
  clause: string;
  message_zh: string;
  message_en: string;
}

/** The recognition report (docs/openapi.json, RecognitionReport) as far as the SDK reads it. */
export interface RecognitionReport {
  indication: Indication;
  findings: Finding[];
  [member: string]: unknown;
}

export interface Signature {
  signature: string;
  /** Of the key that signed; null when the container has none. */
  certificate: string | null;
}

export interface MessageSigner {
  certificate: string;
  signature: string;
  algorithm: string;
  digest: string;
  claimed_signing_time: string | null;
  signature_verified: boolean;
  indication: Indication;
  findings: Finding[];
}

export interface MessageReport {
  /** The signatures fit the content; says nothing about who signed. */
  signature_verified: boolean;
  /** By the agent's own anchors. */
  indication: Indication;
  detached: boolean;
  content?: string;
  signers: MessageSigner[];
  findings: Finding[];
}

export interface MessageInfo {
  type: string;
  /** Null when the message is detached. */
  content?: string | null;
  signers?: { certificate: string; signature: string; issuer: string; serial_number: string }[];
  certificates?: string[];
  recipients?: { issuer: string; serial_number: string }[];
}

export interface Challenge {
  /** The system that will verify, 1 to 200 characters. */
  audience: string;
  /** Base64 of 16 to 64 random octets from the server, used once. */
  nonce: string;
  /** When the server made it, RFC 3339. */
  time: string;
}

export interface Seal {
  name: string;
  size: number;
  format: 'png' | 'jpeg' | 'gif' | 'bmp' | 'seal' | 'unknown';
  /** Base64, when it is a picture. */
  picture?: string;
}

export interface PinStates {
  user_pin: Pin;
  administrator_pin: Pin;
}

/** Events of `Agent.on` and what comes with them. */
export interface AgentEvents {
  'tokens.changed': { generation: number };
  'login.ended': ApplicationPlace & { reason: 'logout' | 'idle' | 'removed' };
  connected: undefined;
  disconnected: import('./problem').AgentProblem;
}
