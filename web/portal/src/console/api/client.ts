import { Problem, problemFromResponse } from '@/api/problem';
import { sm3Hex } from '@/keys/sm2';
import { actionText, closeSession, session } from './session';

export type Query = Record<string, string | number | undefined>;

export interface CallOptions {
  /** Sent as JSON. */
  body?: unknown;
  headers?: Record<string, string>;
  /** Logout and the like: the token alone. */
  unsigned?: boolean;
  /** Without a session even when there is one: what the public may do. */
  anonymous?: boolean;
}

/** Path and query with the members that are set. */
export function target(path: string, query: Query = {}): string {
  const set = Object.entries(query).filter(([, value]) => value !== undefined && value !== '');
  const text = set.map(([key, value]) => `${key}=${encodeURIComponent(String(value))}`).join('&');
  return `/api/v1${path}${text ? `?${text}` : ''}`;
}

/**
 * Calls the program this page came from. With a session the token goes along, and whatever changes something
 * is signed with the operator's key. Rejects with Problem; a session that is over is closed here as well.
 */
export async function call<T>(method: string, address: string, options: CallOptions = {}): Promise<T> {
  const response = await send(method, address, options);
  if (response.status === 204) return undefined as T;
  try {
    return (await response.json()) as T;
  } catch {
    throw new Problem({ code: 'portal.bad_answer' });
  }
}

/** The same for an answer that is a file. */
export async function callForFile(address: string, options: CallOptions = {}): Promise<Uint8Array> {
  const response = await send('GET', address, { ...options, headers: { Accept: '*/*', ...options.headers } });
  return new Uint8Array(await response.arrayBuffer());
}

async function send(method: string, address: string, options: CallOptions): Promise<Response> {
  const body = options.body === undefined ? undefined : new TextEncoder().encode(JSON.stringify(options.body));
  const headers: Record<string, string> = { Accept: 'application/json', ...options.headers };
  if (body) headers['Content-Type'] = 'application/json';
  if (!options.anonymous) Object.assign(headers, sessionHeaders(method, address, body, options.unsigned));
  let response: Response;
  try {
    response = await fetch(address, { method, headers, body, cache: 'no-store' });
  } catch {
    throw new Problem({ code: 'network.unreachable' });
  }
  if (response.ok) return response;
  const problem = problemFromResponse(response.status, await response.text(), response.headers.get('X-Request-Id'));
  if (response.status === 401 && !options.anonymous) closeSession(problem);
  throw problem;
}

function sessionHeaders(method: string, address: string, body?: Uint8Array, unsigned?: boolean): Record<string, string> {
  const open = session();
  if (!open) return {};
  const headers: Record<string, string> = { Authorization: `Bearer ${open.token}` };
  if (method === 'GET' || method === 'HEAD' || unsigned) return headers;
  const time = `${new Date().toISOString().slice(0, 19)}Z`;
  const text = actionText(method, address, sm3Hex(body ?? new Uint8Array()), time, open.id);
  return { ...headers, 'Hutong-Time': time, 'Hutong-Signature': open.carrier.key.signText(text) };
}
