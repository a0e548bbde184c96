import type { Place, TokenCertificate } from '../types';
import { SofError, SofFailure } from './errors';

/** One text for a place, without "||" and "&&&" whatever the names are. */
export function identifierOf({ token, application, container }: Place): string {
  return [token, application, container].map(encodeURIComponent).join('/').replace(/&/g, '%26');
}

export function placeOf(identifier: string): Place {
  const parts = identifier.split('/');
  if (parts.length !== 3) throw new SofFailure(SofError.IndataErr);
  try {
    const [token, application, container] = parts.map(decodeURIComponent) as [string, string, string];
    return { token, application, container };
  } catch {
    throw new SofFailure(SofError.IndataErr);
  }
}

/** As the list of users shows it. */
export function nameOf(certificate: TokenCertificate): string {
  const name = certificate.subject_fields.find((one) => one.type === 'CN')?.value ?? certificate.subject;
  return name.replace(/&&&/g, '&');
}
