import { fromBase64 } from '../bytes';
import type { MessageInfo } from '../types';
import { SofError, SofFailure } from './errors';

/** Base64 that a page may have broken into lines. */
export function plain(base64: string): string {
  return base64.replace(/-----[^-]+-----/g, '').replace(/\s+/g, '');
}
export function decoded(base64: string): Uint8Array {
  try {
    return fromBase64(base64);
  } catch {
    throw new SofFailure(SofError.IndataErr);
  }
}
export function text(octets: Uint8Array): string {
  return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(octets);
}
export function textIn(base64: string): string {
  return text(fromBase64(base64));
}

/** Whether a message is to be detached. */
export function flagOf(flag: number | string): boolean {
  const number = Number(flag);
  if (number !== 0 && number !== 1) throw new SofFailure(SofError.ParameterNotSupportErr);
  return number === 1;
}

/** 1: the content, 2: the signer's certificate, 3: the signature value. */
export function partOf(info: MessageInfo, type: number): string {
  const signer = info.signers?.[0];
  if (!signer) throw new SofFailure(SofError.PKCS7EncodeErr);
  switch (type) {
    case 1:
      return info.content == null ? '' : textIn(info.content);
    case 2:
      return signer.certificate;
    case 3:
      return signer.signature;
    default:
      throw new SofFailure(SofError.ParameterNotSupportErr);
  }
}
