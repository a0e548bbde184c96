import { ref, shallowRef } from 'vue';
import { Problem } from '@/api/problem';
import type { Carrier } from '@/keys/keyFile';
import type { Operator } from './types';

/** An open session: token and key live in this page's memory and nowhere else. */
export interface Session {
  token: string;
  id: string;
  expiresAt: string;
  heartbeatSeconds: number;
  operator: Operator;
  carrier: Carrier;
}

const current = shallowRef<Session | null>(null);
/** Why the last session ended when the person did not end it. */
export const endedBecause = ref<Problem | null>(null);
const listeners = new Set<(session: Session | null) => void>();

export function session(): Session | null {
  return current.value;
}

export function openSession(opened: Session): void {
  closeSession();
  endedBecause.value = null;
  current.value = opened;
  listeners.forEach((listener) => listener(opened));
}

/** Forgets token and key. */
export function closeSession(because: Problem | null = null): void {
  const closed = current.value;
  if (!closed) return;
  current.value = null;
  closed.carrier.key.wipe();
  endedBecause.value = because;
  listeners.forEach((listener) => listener(null));
}

/** Called with every session that opens and with null when it ends. */
export function onSession(listener: (session: Session | null) => void): void {
  listeners.add(listener);
}

export function may(right: string): boolean {
  return current.value?.operator.effective_rights.includes(right) ?? false;
}

/** What an operator's key signs for a request that changes something (docs/api/operators.yaml). */
export function actionText(method: string, target: string, bodySm3: string, time: string, sessionId: string): string {
  return ['hutong-action-1', method, target, bodySm3, time, sessionId].join('\n');
}

/** What the key signs to log in. */
export function loginText(origin: string, challenge: string, issuedAt: string, purpose: string): string {
  return ['hutong-login-1', origin, challenge, issuedAt, purpose].join('\n');
}
