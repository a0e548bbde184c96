/**
 * Pick-up secrets that the server showed once in this session, so that the print sheet can carry them. In
 * memory only, forgotten with the session.
 */
import { onSession } from '@/console/api/session';

const secrets = new Map<string, string>();
onSession(() => secrets.clear());

export function rememberSecret(order: string, secret: string): void {
  secrets.set(order, secret);
}

export function secretOf(order: string): string {
  return secrets.get(order) ?? '';
}
