import { fromBase64, octetsOf, toBase64, type Octets } from './bytes';
import { Connection, type ConnectionOptions } from './connection';
import { BlobSink, streamSink, type ProgressListener } from './stream';
import type {
  AgentEvents, AgentStatus, ApplicationPlace, CertificateInfo, Challenge, DeviceInfo, Hello, KeyUse, MessageInfo, MessageReport, PinStates,
  Place, RecognitionReport, Seal, Signature, TokenCertificate, TokenList,
} from './types';

export interface CallOptions {
  /** What for, in a person's words: every window of the agent shows it. The agent's default purpose stands in when it is absent. */
  purpose?: string;
  signal?: AbortSignal;
}

export interface FileOptions extends CallOptions {
  /** Where the result goes instead of a Blob: a file the user chose, say. It is closed when the result is good and aborted otherwise. */
  to?: WritableStream<Uint8Array>;
  progress?: ProgressListener;
}

export interface AgentOptions extends ConnectionOptions {
  /** The purpose of calls that name none; the page's title unless given. */
  purpose?: string;
}

/** Content that is signed or hashed without coming back: octets and short texts in one frame, a Blob (any size) as a stream. */
export type Content = Octets | Blob;

const kMostInline = 1 << 20;
const kMostPurpose = 200;

/**
 * The token agent (hutong-agent) of this machine, as web pages see it. PINs are asked by the agent's own window; no function here takes one.
 * Every call rejects with AgentProblem. The connection opens with the first call.
 */
export class Agent {
  private readonly connection: Connection;
  private readonly purpose: string | undefined;

  constructor(options: AgentOptions = {}) {
    this.connection = new Connection(options);
    this.purpose = options.purpose;
  }

  get address(): string {
    return this.connection.address;
  }
  get isConnected(): boolean {
    return this.connection.isOpen;
  }

  /** Connects and says who is there. Rejects with agent.not_installed, agent.not_running, agent.origin_refused … */
  async connect(): Promise<Hello> {
    await this.connection.open();
    return this.hello();
  }
  close(): void {
    this.connection.close();
  }
  /** Returns what takes the listener away. */
  on<Name extends keyof AgentEvents>(event: Name, listener: (data: AgentEvents[Name]) => void): () => void {
    return this.connection.on(event, listener as (data: never) => void);
  }

  hello(): Promise<Hello> {
    return this.call('hello');
  }
  status(): Promise<AgentStatus> {
    return this.call('status');
  }
  /** Asks the user, once, whether this website may use the agent. */
  async requestOrigin(options: CallOptions = {}): Promise<void> {
    await this.call('origin.request', {}, options);
  }
  /** Connects, and asks the user if this website was not allowed before. */
  async ready(options: CallOptions = {}): Promise<void> {
    const { allowed } = await this.connect();
    if (!allowed) await this.requestOrigin(options);
  }

  // --- tokens -----------------------------------------------------------------------------------------------------

  /** Tokens, drivers, and what is wrong with each. `refresh` asks all drivers anew. */
  listTokens(options: CallOptions & { refresh?: boolean } = {}): Promise<TokenList> {
    return this.call('tokens.list', options.refresh ? { refresh: true } : {}, options);
  }
  async listCertificates(options: CallOptions = {}): Promise<TokenCertificate[]> {
    return (await this.call<{ certificates: TokenCertificate[] }>('certificates.list', {}, options)).certificates;
  }
  deviceInfo(token: string): Promise<DeviceInfo> {
    return this.call('device.info', { token });
  }
  pinState(at: ApplicationPlace): Promise<PinStates> {
    return this.call('pin.state', application(at));
  }
  /** Opens the agent's PIN window. Rejects with token.pin_incorrect (and triesLeft), token.pin_locked, agent.refused_by_user … */
  login(at: ApplicationPlace, options: CallOptions = {}): Promise<{ logged_in: boolean; tries_left: number }> {
    return this.call('login', application(at), options);
  }
  async logout(at: ApplicationPlace): Promise<void> {
    await this.call('logout', application(at));
  }
  /** The agent's windows ask for the old PIN and the new one. */
  async changePin(at: ApplicationPlace, options: CallOptions & { role?: 'user' | 'administrator' } = {}): Promise<void> {
    await this.call('pin.change', { ...application(at), ...(options.role && { role: options.role }) }, options);
  }
  /** The agent's windows ask for the administrator's PIN and a new user PIN. */
  async unblockPin(at: ApplicationPlace, options: CallOptions = {}): Promise<void> {
    await this.call('pin.unblock', application(at), options);
  }
  async listSeals(at: ApplicationPlace): Promise<Seal[]> {
    return (await this.call<{ seals: Seal[] }>('seals.list', application(at))).seals;
  }
  /** From a token, or from the machine when none is named. */
  async random(octets: number, token?: string): Promise<Uint8Array> {
    const params = token === undefined ? { octets } : { octets, token };
    return fromBase64((await this.call<{ random: string }>('random', params)).random);
  }

  // --- keys and certificates --------------------------------------------------------------------------------------

  /** Makes a signature key pair inside the token. Its public key, hexadecimal. */
  async generateKeys(at: Place, options: CallOptions = {}): Promise<string> {
    return (await this.call<{ public_key: string }>('keys.generate', place(at), options)).public_key;
  }
  /** A certificate request (PKCS#10, base64) for the container's signature key. `subject`: "CN=…,O=…,C=CN". */
  async createRequest(at: Place, subject: string, options: CallOptions = {}): Promise<string> {
    return (await this.call<{ request: string }>('request.create', { ...place(at), subject }, options)).request;
  }
  /** Writes what a CA delivered into the container. */
  async importCertificates(at: Place, certificates: Partial<Record<KeyUse, string>>, options: CallOptions = {}): Promise<KeyUse[]> {
    return (await this.call<{ imported: KeyUse[] }>('certificates.import', { ...place(at), ...certificates }, options)).imported;
  }
  /** Writes the encryption key pair (SM2EnvelopedKey of GM/T 0009) and, if given, its certificate. Its public key, hexadecimal. */
  async importKeys(at: Place, envelopedKey: string, certificate?: string, options: CallOptions = {}): Promise<string> {
    const params = { ...place(at), enveloped_key: envelopedKey, ...(certificate !== undefined && { certificate }) };
    return (await this.call<{ public_key: string }>('keys.import', params, options)).public_key;
  }

  // --- signing and verifying --------------------------------------------------------------------------------------

  /** A bare SM2 signature (DER) over SM3(Z ‖ data). */
  signData(at: Place, data: Content, options: FileOptions & { userId?: string } = {}): Promise<Signature> {
    return this.send('sign.data', { ...place(at), ...userId(options) }, data, options);
  }
  /** Signs a digest that was made elsewhere (base64, 32 octets, with Z in it). The agent asks the user each time. */
  signDigest(at: Place, digest: string, options: CallOptions = {}): Promise<Signature> {
    return this.call('sign.digest', { ...place(at), digest }, options);
  }
  /** SignedData of GM/T 0010, base64. */
  async signMessage(at: Place, data: Octets, options: CallOptions & { detached?: boolean; attributes?: boolean } = {}): Promise<string> {
    const { detached = false, attributes = true } = options;
    const params = { ...place(at), detached, attributes };
    const octets = octetsOf(data);
    if (detached || octets.length <= kMostInline) return (await this.send<{ message: string }>('sign.message', params, octets, options)).message;
    const { blob } = await this.transform('sign.message', params, new Blob([octets.slice()]), options);
    return toBase64(await octetsIn(blob));
  }
  /** SignedData over a file, in a file of its own that does not hold the content. */
  async signFileDetached(at: Place, file: Blob, options: FileOptions = {}): Promise<string> {
    return (await this.send<{ message: string }>('sign.message', { ...place(at), detached: true }, file, options)).message;
  }
  /** SignedData that holds the file. */
  signFile(at: Place, file: Blob, options: FileOptions = {}): Promise<Blob> {
    return this.transform('sign.message', { ...place(at), detached: false }, file, options).then(({ blob }) => blob);
  }
  /** Proves to a server who is there: SignedData over its challenge, this page's origin and the purpose. */
  async signChallenge(at: Place, challenge: Challenge, options: CallOptions = {}): Promise<string> {
    return (await this.call<{ message: string }>('challenge.sign', { ...place(at), challenge }, options)).message;
  }
  async verifyData(
    data: Content,
    signature: string,
    key: { certificate: string } | { public_key: string },
    options: FileOptions & { userId?: string } = {},
  ): Promise<boolean> {
    return (await this.send<{ valid: boolean }>('verify.data', { signature, ...key, ...userId(options) }, data, options)).valid;
  }
  /** `data` is needed when the message is detached. */
  verifyMessage(message: string, data?: Content, options: FileOptions = {}): Promise<MessageReport> {
    if (data === undefined) return this.call('verify.message', { message }, options);
    return this.send('verify.message', { message }, data, options);
  }
  /** A message in a file, with its content inside. Trust the content only as far as the report does. */
  async verifyFile(message: Blob, options: FileOptions = {}): Promise<{ report: MessageReport; content: Blob }> {
    const { result, blob } = await this.transform<MessageReport>('verify.message', {}, message, options);
    return { report: result, content: blob };
  }
  messageInfo(message: string, options: CallOptions = {}): Promise<MessageInfo> {
    return this.call('message.info', { message }, options);
  }
  certificateInfo(certificate: string, options: CallOptions = {}): Promise<CertificateInfo> {
    return this.call('certificate.info', { certificate }, options);
  }
  /** By the agent's anchors and trust list. What counts for the region is the platform's report. */
  validateCertificate(certificate: string, chain?: string[], options: CallOptions = {}): Promise<RecognitionReport> {
    return this.call('certificate.validate', chain ? { certificate, chain } : { certificate }, options);
  }
  /** SM3 (base64); with a certificate SM3(Z ‖ data), which is what SM2 signs. */
  async digest(data: Content, options: FileOptions & { certificate?: string; userId?: string } = {}): Promise<string> {
    const params = { ...(options.certificate !== undefined && { certificate: options.certificate }), ...userId(options) };
    return (await this.send<{ digest: string }>('digest', params, data, options)).digest;
  }

  // --- envelopes --------------------------------------------------------------------------------------------------

  /** EnvelopedData of GM/T 0010 (base64) for these encryption certificates. */
  async encrypt(certificates: string[], data: Octets, options: CallOptions = {}): Promise<string> {
    const octets = octetsOf(data);
    if (octets.length > kMostInline) return toBase64(await octetsIn(await this.encryptFile(certificates, new Blob([octets.slice()]), options)));
    return (await this.call<{ message: string }>('encrypt.envelope', { certificates, data: toBase64(octets) }, options)).message;
  }
  encryptFile(certificates: string[], file: Blob, options: FileOptions = {}): Promise<Blob> {
    return this.transform('encrypt.envelope', { certificates }, file, options).then(({ blob }) => blob);
  }
  async decrypt(at: Place, message: string, options: CallOptions = {}): Promise<Uint8Array> {
    const octets = fromBase64(message);
    if (octets.length > kMostInline) return octetsIn(await this.decryptFile(at, new Blob([octets.slice()]), options));
    return fromBase64((await this.call<{ data: string }>('decrypt.envelope', { ...place(at), message: toBase64(octets) }, options)).data);
  }
  /** The Blob is empty when the result went to `options.to`. */
  decryptFile(at: Place, message: Blob, options: FileOptions = {}): Promise<Blob> {
    return this.transform('decrypt.envelope', place(at), message, options).then(({ blob }) => blob);
  }

  // --- how calls are made -----------------------------------------------------------------------------------------

  /** Any method of docs/agent-protocol.md by its name. */
  call<Result>(method: string, params: object = {}, options: CallOptions = {}): Promise<Result> {
    return this.connection.call<Result>({ method, params, purpose: this.purposeOf(options), signal: options.signal });
  }

  /** A method whose `data` goes in and whose result is a text frame. */
  private send<Result>(method: string, params: object, data: Content, options: FileOptions): Promise<Result> {
    if (!(data instanceof Blob)) {
      const octets = octetsOf(data);
      if (octets.length <= kMostInline) return this.call(method, { ...params, data: toBase64(octets) }, options);
      return this.send(method, params, new Blob([octets.slice()]), options);
    }
    return this.connection.call<Result>({
      method,
      params,
      purpose: this.purposeOf(options),
      signal: options.signal,
      stream: { content: data, progress: options.progress },
    });
  }

  /** A method with a stream in and a stream out. */
  private async transform<Result>(method: string, params: object, content: Blob, options: FileOptions): Promise<{ result: Result; blob: Blob }> {
    const collected = new BlobSink();
    const sink = options.to ? streamSink(options.to) : collected;
    const result = await this.connection.call<Result>({
      method,
      params,
      purpose: this.purposeOf(options),
      signal: options.signal,
      stream: { content, sink, progress: options.progress },
    });
    return { result, blob: collected.blob };
  }

  private purposeOf(options: CallOptions): string | undefined {
    const text = options.purpose ?? this.purpose ?? (typeof document === 'undefined' ? '' : document.title);
    return Array.from(text.replace(/\s+/g, ' ').trim()).slice(0, kMostPurpose).join('') || undefined;
  }
}

// Members that a caller's object carries besides are not sent: the agent refuses what it does not know.
function application({ token, application: name }: ApplicationPlace): ApplicationPlace {
  return { token, application: name };
}
function place({ token, application: name, container }: Place): Place {
  return { token, application: name, container };
}
function userId(options: { userId?: string }): { user_id?: string } {
  return options.userId === undefined ? {} : { user_id: options.userId };
}
async function octetsIn(blob: Blob): Promise<Uint8Array> {
  return new Uint8Array(await blob.arrayBuffer());
}
