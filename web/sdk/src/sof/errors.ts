import type { AgentProblem } from '../problem';

/** Error codes of GB/T 43694-2024 annex A (the digits are written as they look in decimal) that this layer gives. */
export const SofError = {
  Ok: 0,
  UnknownErr: 0x0b000001,
  NotSupportYetErr: 0x0b000002,
  FileErr: 0x0b000003,
  ProviderTypeErr: 0x0b000004,
  LoadProviderErr: 0x0b000005,
  AlgoTypeErr: 0x0b000007,
  KeyUsageErr: 0x0b000009,
  NotInitializeErr: 0x0b000011,
  TimeoutErr: 0x0b000101,
  IndataLenErr: 0x0b000200,
  IndataErr: 0x0b000201,
  GenRandErr: 0x0b000300,
  HashErr: 0x0b000302,
  KeyNotFountErr: 0x0b000309,
  CertNotFountErr: 0x0b000310,
  CertEncodeErr: 0x0b000405,
  SignDataErr: 0x0b000409,
  VerifySignDataErr: 0x0b000410,
  ReadFileErr: 0x0b000411,
  EncryptDataErr: 0x0b000415,
  DecryptDataErr: 0x0b000416,
  PKCS7EncodeErr: 0x0b000417,
  ParameterNotSupportErr: 0x0b000419,
  // GM/T 0016, passed through as vendors' agents do
  PinIncorrect: 0x0a000024,
  PinLocked: 0x0a000025,
  NotLoggedIn: 0x0a00002d,
  DeviceRemoved: 0x0a000023,
} as const;

export interface SofErrorText {
  code: number;
  zh: string;
  en: string;
}

const kTexts: Record<number, readonly [string, string]> = {
  [SofError.Ok]: ['成功', 'success'],
  [SofError.UnknownErr]: ['异常错误', 'unexpected error'],
  [SofError.NotSupportYetErr]: ['不支持的服务', 'not supported'],
  [SofError.FileErr]: ['文件操作错误', 'no such file: hand the page’s file over first'],
  [SofError.ProviderTypeErr]: ['服务提供者参数类型错误', 'wrong type of provider'],
  [SofError.LoadProviderErr]: ['证书助手没有应答', 'the token agent does not answer'],
  [SofError.AlgoTypeErr]: ['算法类型错误', 'no such algorithm here'],
  [SofError.KeyUsageErr]: ['密钥用途错误', 'the key is not for this use'],
  [SofError.NotInitializeErr]: ['未初始化：本网站尚未获准使用证书助手', 'this website was not allowed to use the agent'],
  [SofError.TimeoutErr]: ['超时', 'time-out'],
  [SofError.IndataLenErr]: ['输入数据长度错误', 'wrong length of the input'],
  [SofError.IndataErr]: ['输入数据错误', 'wrong input'],
  [SofError.GenRandErr]: ['生成随机数错误', 'no random octets'],
  [SofError.HashErr]: ['杂凑运算错误', 'hashing failed'],
  [SofError.KeyNotFountErr]: ['未找到密钥或介质', 'no such key or token'],
  [SofError.CertNotFountErr]: ['未找到证书', 'no such certificate'],
  [SofError.CertEncodeErr]: ['证书编码错误', 'this is no certificate'],
  [SofError.SignDataErr]: ['签名失败', 'signing failed'],
  [SofError.VerifySignDataErr]: ['验证签名失败', 'the signature does not verify'],
  [SofError.ReadFileErr]: ['读文件失败', 'the file cannot be read'],
  [SofError.EncryptDataErr]: ['加密失败', 'encrypting failed'],
  [SofError.DecryptDataErr]: ['解密失败', 'decrypting failed'],
  [SofError.PKCS7EncodeErr]: ['消息编码错误', 'this is no signed message'],
  [SofError.ParameterNotSupportErr]: ['参数不支持', 'no such parameter here'],
  [SofError.PinIncorrect]: ['PIN 码错误', 'wrong PIN'],
  [SofError.PinLocked]: ['PIN 码已锁定', 'the PIN is locked'],
  [SofError.NotLoggedIn]: ['尚未登录', 'log in first'],
  [SofError.DeviceRemoved]: ['介质已拔出', 'the token was removed'],
};

export function describeSofError(code: number): SofErrorText {
  const [zh, en] = kTexts[code] ?? kTexts[SofError.UnknownErr]!;
  return { code, zh, en };
}

/** A failure that the layer found itself. */
export class SofFailure extends Error {
  constructor(readonly sofCode: number) {
    super(describeSofError(sofCode).en);
  }
}

const kByProblem: Record<string, number> = {
  'agent.not_installed': SofError.LoadProviderErr,
  'agent.not_running': SofError.LoadProviderErr,
  'agent.connection_refused': SofError.LoadProviderErr,
  'agent.connection_lost': SofError.LoadProviderErr,
  'agent.other_protocol': SofError.LoadProviderErr,
  'agent.origin_refused': SofError.NotInitializeErr,
  'agent.origin_not_allowed': SofError.NotInitializeErr,
  'agent.not_logged_in': SofError.NotLoggedIn,
  'agent.prompt_timeout': SofError.TimeoutErr,
  'agent.token_slow': SofError.TimeoutErr,
  'agent.stream_stalled': SofError.TimeoutErr,
  'agent.token_unknown': SofError.KeyNotFountErr,
  'agent.request': SofError.IndataErr,
  'token.not_found': SofError.KeyNotFountErr,
  'token.pin_incorrect': SofError.PinIncorrect,
  'token.pin_locked': SofError.PinLocked,
  'token.removed': SofError.DeviceRemoved,
  'token.not_logged_in': SofError.NotLoggedIn,
};

/** The standard's number for a problem; `otherwise` is what the function at hand says when nothing fits better. */
export function sofCodeOf(problem: AgentProblem, otherwise: number): number {
  return kByProblem[problem.code] ?? otherwise;
}
