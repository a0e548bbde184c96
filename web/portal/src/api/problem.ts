import type { ProblemBody } from './types';

/**
 * A call that did not succeed, in one shape for every cause: an RFC 9457 body, another HTTP error, or no
 * connection at all. `code` is stable and chooses the advice shown; `reference` is the number a person
 * quotes to the help desk.
 */
export class Problem extends Error {
  readonly code: string;
  readonly status: number;
  readonly title: string;
  readonly detail: string;
  readonly reference: string;

  constructor(init: { code: string; status?: number; title?: string; detail?: string; reference?: string }) {
    super(init.detail || init.title || init.code);
    this.name = 'Problem';
    this.code = init.code;
    this.status = init.status ?? 0;
    this.title = init.title ?? '';
    this.detail = init.detail ?? '';
    this.reference = init.reference || localReference();
  }
}

/** No server saw the call: the time is what helps to find it in a log. */
function localReference(now = new Date()): string {
  return `L-${now.toISOString().slice(0, 19).replace(/[-:]/g, '').replace('T', '-')}Z`;
}

const kCodesByStatus: Record<number, string> = {
  404: 'http.not_found',
  408: 'http.timeout',
  413: 'upload.too_large',
  429: 'http.too_many_requests',
  502: 'http.unavailable',
  503: 'http.unavailable',
  504: 'http.timeout',
};

/** What kind of failure an HTTP status is, when its own code says nothing to the portal. */
export function codeOfStatus(status: number): string {
  return kCodesByStatus[status] ?? (status >= 500 ? 'http.server_error' : 'http.rejected');
}

/** Whether the same call may succeed a moment later. */
export function isTransient(problem: Problem): boolean {
  return problem.status === 0 || problem.status === 408 || problem.status === 429 || problem.status >= 500;
}

export function problemFromResponse(status: number, text: string, requestId: string | null): Problem {
  const body = parseBody(text);
  return new Problem({
    code: body.code ?? codeOfStatus(status),
    status,
    title: body.title,
    detail: body.detail,
    reference: body.instance || requestId || undefined,
  });
}

function parseBody(text: string): ProblemBody {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as ProblemBody) : {};
  } catch {
    return {};
  }
}

export function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  return new Problem({ code: 'portal.unexpected', detail: error instanceof Error ? error.message : String(error) });
}
