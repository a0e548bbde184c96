import { Problem, problemFromResponse } from './problem';

const kRoot = '/api/v1/login';

export interface SignInChallenge {
  system: { name_zh: string; name_en: string };
  audience: string;
  purpose: string;
  nonce: string;
  time: string;
  expires_at: string;
  /** What the other device shows that is waiting for this login. */
  user_code?: string;
}

/** Where the browser goes, or the roles to choose from: then the same message is sent again with one; or a device that was waiting has its login. */
export type SignInOutcome = { redirect: string } | { choice: string[] } | { device: 'accepted' };

export function fetchChallenge(request: string): Promise<SignInChallenge> {
  return post<SignInChallenge>('challenges', { request });
}

export function answerChallenge(request: string, message: string, role?: string): Promise<SignInOutcome> {
  return post<SignInOutcome>('answers', { request, message, ...(role && { role }) });
}

/** The request of the device that shows this code, for the sign-in page. */
export async function openDevice(userCode: string): Promise<string> {
  return (await post<{ request: string }>('device-codes', { user_code: userCode })).request;
}

/** Whoever sees the code here did not begin that login. */
export function denyDevice(request: string): Promise<unknown> {
  return post('device-denials', { request });
}

async function post<T>(name: string, body: object): Promise<T> {
  let response: Response;
  try {
    response = await fetch(`${kRoot}/${name}`, {
      method: 'POST',
      headers: { Accept: 'application/json', 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    });
  } catch {
    throw new Problem({ code: 'network.unreachable' });
  }
  const text = await response.text();
  if (!response.ok) throw problemFromResponse(response.status, text, response.headers.get('X-Request-Id'));
  return JSON.parse(text) as T;
}
