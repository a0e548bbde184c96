import { Problem, problemFromResponse } from './problem';

const kRoot = '/api/v1/login';

export interface SignInChallenge {
  system: { name_zh: string; name_en: string };
  audience: string;
  purpose: string;
  nonce: string;
  time: string;
  expires_at: string;
}

/** Where the browser goes, or the roles to choose from: then the same message is sent again with one. */
export type SignInOutcome = { redirect: string } | { choice: string[] };

export function fetchChallenge(request: string): Promise<SignInChallenge> {
  return post<SignInChallenge>('challenges', { request });
}

export function answerChallenge(request: string, message: string, role?: string): Promise<SignInOutcome> {
  return post<SignInOutcome>('answers', { request, message, ...(role && { role }) });
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
