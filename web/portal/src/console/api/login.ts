import { Problem } from '@/api/problem';
import type { Carrier } from '@/keys/keyFile';
import { bytesToBase64 } from '@/lib/format';
import { call, target } from './client';
import { closeSession, loginText, onSession, openSession, session, type Session } from './session';
import type { Challenge, OpenedSession } from './types';

/** Logs in with the key of a carrier; the carrier belongs to the session afterwards and is wiped with it. */
export async function login(carrier: Carrier): Promise<void> {
  const origin = window.location.origin;
  const given = await call<Challenge>('POST', target('/session/challenge'), { anonymous: true });
  const text = loginText(origin, given.challenge, given.issued_at, given.purpose);
  const opened = await call<OpenedSession>('POST', target('/session'), {
    anonymous: true,
    body: {
      audience: origin,
      certificate: bytesToBase64(carrier.certificate),
      challenge: given.challenge,
      signature: carrier.key.signText(text),
    },
  });
  openSession({
    token: opened.token,
    id: opened.session_id,
    expiresAt: opened.expires_at,
    heartbeatSeconds: opened.heartbeat_seconds,
    operator: opened.operator,
    carrier,
  });
}

/** The session is over here whatever the server says: without the key nothing goes on. */
export async function logout(): Promise<void> {
  const ended = call('DELETE', target('/session'), { unsigned: true });
  closeSession();
  await ended.catch(() => undefined);
}

/** Says goodbye when the page goes: a closed page is a pulled token. */
function leave(): void {
  const open = session();
  if (!open) return;
  void fetch(target('/session'), { method: 'DELETE', keepalive: true, headers: { Authorization: `Bearer ${open.token}` } });
}

async function beat(): Promise<void> {
  try {
    await call('POST', target('/session/heartbeat'));
  } catch (error) {
    // A server that is away for a moment may come back in time; one that refuses has ended the session.
    if (error instanceof Problem && error.status >= 400 && error.status < 500) closeSession(error);
  }
}

let metronome: Worker | null = null;

/** Heartbeats come from a worker: browsers slow the timers of pages in the background down to one a minute. */
function keepBeating(open: Session | null): void {
  metronome?.terminate();
  metronome = null;
  if (!open || open.heartbeatSeconds <= 0) return;
  metronome = new Worker(new URL('./metronome.ts', import.meta.url), { type: 'module' });
  metronome.onmessage = () => void beat();
  metronome.postMessage(open.heartbeatSeconds);
}

/** Once, when the console starts. */
export function watchSessions(): void {
  onSession(keepBeating);
  window.addEventListener('pagehide', leave);
}
