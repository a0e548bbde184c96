import { Agent, type AgentOptions, type Content } from '../agent';
import { toBase64 } from '../bytes';
import { asAgentProblem } from '../problem';
import type { KeyUse, TokenCertificate } from '../types';
import { certificateField, certificateFieldByOid, signatureDer, type CertInfoNumbers } from './certificate';
import { SofError, SofFailure, describeSofError, sofCodeOf } from './errors';
import { decoded, flagOf, partOf, plain, text, textIn } from './messages';
import { identifierOf, nameOf, placeOf } from './places';
import { deviceItem, validationResult } from './readings';

export interface SofOptions extends AgentOptions {
  /** An agent that the page has already. */
  agent?: Agent;
  certInfoNumbers?: CertInfoNumbers;
}

export const kSignSm2Sm3 = 0x00020201;
export const kSm4Cbc = 0x00000402;
const kDigestSm3 = 1;
const kVersion = 'Hutong SOF 1.0 (GB/T 43694-2024)';

/**
 * The client functions of GB/T 43694-2024 (GM/T 0020) on hutong-agent, each as a promise of what the standard's function returns: texts,
 * numbers, booleans; "" and false on failure, and then SOF_GetLastError. A PIN that is passed is not used and not sent: the agent's own
 * window asks for it. InFile is a Blob (a File of the page) or a name of `files`; OutFile is the name under which the result is kept there.
 */
export class SofClient {
  readonly agent: Agent;
  /** The files of the page that functions with file names see. */
  readonly files = new Map<string, Blob>();
  private readonly numbers: CertInfoNumbers;
  private lastError = 0;
  private userId: string | undefined;

  constructor(options: SofOptions = {}) {
    this.agent = options.agent ?? new Agent(options);
    this.numbers = options.certInfoNumbers ?? 'standard';
  }

  // --- environment ------------------------------------------------------------------------------------------------

  async SOF_GetVersion(): Promise<string> {
    return kVersion;
  }
  SOF_SetSignMethod(method: number | string): Promise<boolean> {
    return this.accept(Number(method) === kSignSm2Sm3);
  }
  async SOF_GetSignMethod(): Promise<number> {
    return kSignSm2Sm3;
  }
  SOF_SetEncryptMethod(method: number | string): Promise<boolean> {
    return this.accept(Number(method) === kSm4Cbc);
  }
  async SOF_GetEncryptMethod(): Promise<number> {
    return kSm4Cbc;
  }
  SOF_SetDigestMethod(method: number | string): Promise<boolean> {
    return this.accept(Number(method) === kDigestSm3);
  }
  SOF_SetEncryptMethodAndIV(): Promise<boolean> {
    return this.accept(false);
  }
  /** The identifier for Z of SM2 in SOF_SignData and SOF_VerifySignedData; empty for the default one. */
  async SOF_SetUserID(id: string): Promise<boolean> {
    this.userId = id || undefined;
    return true;
  }
  async SOF_GetLastError(): Promise<number> {
    return this.lastError;
  }
  async SOF_GetLastErrMsg(): Promise<string> {
    return describeSofError(this.lastError).zh;
  }

  // --- users and devices ------------------------------------------------------------------------------------------

  /** "name||identifier&&&" for each container with a signature certificate. */
  SOF_GetUserList(): Promise<string> {
    return this.run('', SofError.CertNotFountErr, async () => {
      const users = (await this.certificates()).filter((one) => one.use === 'signature');
      return users.map((one) => `${nameOf(one)}||${identifierOf(one)}&&&`).join('');
    });
  }
  SOF_ExportUserCert(container: string): Promise<string> {
    return this.export(container, 'signature');
  }
  SOF_ExportExchangeUserCert(container: string): Promise<string> {
    return this.export(container, 'encryption');
  }
  /** The second argument is ignored: the agent's window asks for the PIN. */
  SOF_Login(container: string, _pin?: string): Promise<boolean> {
    return this.run(false, SofError.UnknownErr, async () => {
      await this.ready();
      return (await this.agent.login(placeOf(container))).logged_in;
    });
  }
  SOF_LoginEx(container: string, pin?: string): Promise<boolean> {
    return this.SOF_Login(container, pin);
  }
  SOF_Logout(container: string): Promise<boolean> {
    return this.run(false, SofError.UnknownErr, async () => {
      await this.ready();
      await this.agent.logout(placeOf(container));
      return true;
    });
  }
  SOF_IsLogin(container: string): Promise<boolean> {
    return this.run(false, SofError.UnknownErr, async () => {
      const at = placeOf(container);
      const { tokens } = await this.ready().then(() => this.agent.listTokens());
      const applications = tokens.find((one) => one.token === at.token)?.applications ?? [];
      return applications.some((one) => one.application === at.application && one.logged_in);
    });
  }
  /** 0: locked; -1: it cannot be told. */
  SOF_GetPinRetryCount(container: string): Promise<number> {
    return this.run(-1, SofError.UnknownErr, async () => {
      await this.ready();
      return (await this.agent.pinState(placeOf(container))).user_pin.tries_left;
    });
  }
  /** The PINs that are passed are ignored: the agent's windows ask for both. */
  SOF_ChangePassWd(container: string, _oldPin?: string, _newPin?: string): Promise<boolean> {
    return this.run(false, SofError.UnknownErr, async () => {
      await this.ready();
      await this.agent.changePin(placeOf(container));
      return true;
    });
  }
  SOF_GetDeviceInfo(container: string, type: number | string): Promise<string> {
    return this.run('', SofError.UnknownErr, async () => {
      await this.ready();
      const item = deviceItem(await this.agent.deviceInfo(placeOf(container).token), Number(type));
      if (item === undefined) throw new SofFailure(SofError.NotSupportYetErr);
      return item;
    });
  }
  /** The name of the device behind an identifier. */
  SOF_GetDeviceInstance(container: string): Promise<string> {
    return this.run('', SofError.IndataErr, async () => placeOf(container).token);
  }

  // --- certificates -----------------------------------------------------------------------------------------------

  SOF_GetCertInfo(certificate: string, type: number | string): Promise<string> {
    return this.run('', SofError.CertEncodeErr, async () => {
      await this.ready();
      const text = certificateField(await this.agent.certificateInfo(plain(certificate)), Number(type), this.numbers);
      if (text === undefined) throw new SofFailure(SofError.ParameterNotSupportErr);
      return text;
    });
  }
  SOF_GetCertInfoByOid(certificate: string, oid: string): Promise<string> {
    return this.run('', SofError.CertEncodeErr, async () => {
      await this.ready();
      return certificateFieldByOid(await this.agent.certificateInfo(plain(certificate)), oid);
    });
  }
  /** 0 valid, -1 no trusted root, -2 expired, -3 revoked, -4 frozen, -5 not yet valid, -6 other. */
  SOF_ValidateCert(certificate: string): Promise<number> {
    return this.run(-6, SofError.CertEncodeErr, async () => {
      await this.ready();
      const report = await this.agent.validateCertificate(plain(certificate));
      return report.indication === 'valid' ? 0 : validationResult(report.findings);
    });
  }

  // --- signatures -------------------------------------------------------------------------------------------------

  SOF_SignData(container: string, data: string): Promise<string> {
    return this.sign(container, data);
  }
  /** `data` is base64 of what is signed. */
  SOF_SignDataBase64(container: string, data: string): Promise<string> {
    return this.run('', SofError.SignDataErr, async () => this.signNow(container, decoded(data)));
  }
  SOF_VerifySignedData(certificate: string, data: string, signature: string): Promise<boolean> {
    return this.verify(certificate, data, signature);
  }
  SOF_SignFile(container: string, file: Blob | string): Promise<string> {
    return this.run('', SofError.SignDataErr, async () => this.signNow(container, this.file(file)));
  }
  SOF_VerifySignedFile(certificate: string, file: Blob | string, signature: string): Promise<boolean> {
    return this.run(false, SofError.VerifySignDataErr, async () => this.verifyNow(certificate, this.file(file), signature));
  }
  /** Flag 0: the message holds the content; 1: it does not. */
  SOF_SignMessage(flag: number | string, container: string, data: string): Promise<string> {
    return this.run('', SofError.SignDataErr, async () => {
      const detached = flagOf(flag);
      await this.ready();
      return this.agent.signMessage(placeOf(container), data, { detached });
    });
  }
  SOF_SignDataByP7(container: string, data: string): Promise<string> {
    return this.SOF_SignMessage(0, container, data);
  }
  /** `data` is the content of a detached message; otherwise leave it empty. */
  SOF_VerifySignedMessage(message: string, data = ''): Promise<boolean> {
    return this.run(false, SofError.PKCS7EncodeErr, async () => {
      await this.ready();
      const info = await this.agent.messageInfo(plain(message));
      const report = await this.agent.verifyMessage(plain(message), info.content == null ? data : undefined);
      if (!report.signature_verified) throw new SofFailure(SofError.VerifySignDataErr);
      if (data !== '' && info.content != null && textIn(info.content) !== data) throw new SofFailure(SofError.VerifySignDataErr);
      return true;
    });
  }
  /** 1: the content, 2: the signer's certificate, 3: the signature value. */
  SOF_GetInfoFromSignedMessage(message: string, type: number | string): Promise<string> {
    return this.run('', SofError.PKCS7EncodeErr, async () => {
      await this.ready();
      return partOf(await this.agent.messageInfo(plain(message)), Number(type));
    });
  }
  SOF_DigestData(data: string): Promise<string> {
    return this.run('', SofError.HashErr, async () => {
      await this.ready();
      return this.agent.digest(data);
    });
  }

  // --- envelopes --------------------------------------------------------------------------------------------------

  SOF_EncryptData(certificate: string, data: string): Promise<string> {
    return this.run('', SofError.EncryptDataErr, async () => {
      await this.ready();
      return this.agent.encrypt([plain(certificate)], data);
    });
  }
  SOF_DecryptData(container: string, message: string): Promise<string> {
    return this.run('', SofError.DecryptDataErr, async () => {
      await this.ready();
      return text(await this.agent.decrypt(placeOf(container), plain(message)));
    });
  }
  SOF_EncryptFile(certificate: string, from: Blob | string, to: string): Promise<boolean> {
    return this.run(false, SofError.EncryptDataErr, async () => {
      const file = this.file(from);
      await this.ready();
      this.files.set(to, await this.agent.encryptFile([plain(certificate)], file));
      return true;
    });
  }
  SOF_DecryptFile(container: string, from: Blob | string, to: string): Promise<boolean> {
    return this.run(false, SofError.DecryptDataErr, async () => {
      const file = this.file(from);
      await this.ready();
      this.files.set(to, await this.agent.decryptFile(placeOf(container), file));
      return true;
    });
  }

  // --- the rest ---------------------------------------------------------------------------------------------------

  SOF_GenRandom(length: number | string): Promise<string> {
    return this.run('', SofError.GenRandErr, async () => {
      await this.ready();
      return toBase64(await this.agent.random(Number(length)));
    });
  }
  /** XML signatures are not served: 0x0B000002. */
  SOF_SignDataXML(_container: string, _data: string): Promise<string> {
    return this.refuse('');
  }
  SOF_VerifySignedDataXML(_data: string): Promise<boolean> {
    return this.refuse(false);
  }
  SOF_GetXMLSignatureInfo(_data: string, _type: number | string): Promise<string> {
    return this.refuse('');
  }

  // --- how it is done ---------------------------------------------------------------------------------------------

  private async run<Value>(failure: Value, otherwise: number, work: () => Promise<Value>): Promise<Value> {
    try {
      const value = await work();
      this.lastError = SofError.Ok;
      return value;
    } catch (error) {
      this.lastError = error instanceof SofFailure ? error.sofCode : sofCodeOf(asAgentProblem(error), otherwise);
      return failure;
    }
  }
  private refuse<Value>(failure: Value): Promise<Value> {
    return this.run(failure, SofError.NotSupportYetErr, () => Promise.reject(new SofFailure(SofError.NotSupportYetErr)));
  }
  private accept(supported: boolean): Promise<boolean> {
    return supported ? this.run(false, SofError.Ok, async () => true) : this.refuse(false);
  }

  private prepared: Promise<void> | null = null;
  /** Connected, and this website allowed; asked once. */
  private ready(): Promise<void> {
    if (this.agent.isConnected && this.prepared) return this.prepared;
    this.prepared = this.agent.ready().catch((error: unknown) => {
      this.prepared = null;
      throw error;
    });
    return this.prepared;
  }

  private async certificates(): Promise<TokenCertificate[]> {
    await this.ready();
    return this.agent.listCertificates();
  }
  private export(container: string, use: KeyUse): Promise<string> {
    return this.run('', SofError.CertNotFountErr, async () => {
      const at = identifierOf(placeOf(container));
      const found = (await this.certificates()).find((one) => one.use === use && identifierOf(one) === at);
      if (!found) throw new SofFailure(SofError.CertNotFountErr);
      return found.certificate;
    });
  }
  private sign(container: string, content: Content): Promise<string> {
    return this.run('', SofError.SignDataErr, () => this.signNow(container, content));
  }
  private async signNow(container: string, content: Content): Promise<string> {
    await this.ready();
    return (await this.agent.signData(placeOf(container), content, this.identity())).signature;
  }
  private verify(certificate: string, content: Content, signature: string): Promise<boolean> {
    return this.run(false, SofError.VerifySignDataErr, () => this.verifyNow(certificate, content, signature));
  }
  private async verifyNow(certificate: string, content: Content, signature: string): Promise<boolean> {
    await this.ready();
    const der = toBase64(signatureDer(decoded(signature)));
    const valid = await this.agent.verifyData(content, der, { certificate: plain(certificate) }, this.identity());
    if (!valid) throw new SofFailure(SofError.VerifySignDataErr);
    return true;
  }
  private identity(): { userId?: string } {
    return this.userId === undefined ? {} : { userId: this.userId };
  }
  private file(file: Blob | string): Blob {
    const found = typeof file === 'string' ? this.files.get(file) : file;
    if (!found) throw new SofFailure(SofError.FileErr);
    return found;
  }
}
