import { Problem, problemFromResponse } from './problem';
import type { Example, LoginPlace, Recomputation, Report, RevocationMode, TrustList } from './types';

const kRoot = '/api/v1';

export interface ValidationInput {
  file: File;
  content?: File;
  chain?: File[];
  /** RFC 3339; the server's own time when absent. */
  at?: string;
  revocation?: RevocationMode;
}

/** Share of the upload that has left this machine, 0 to 1. */
export type ProgressListener = (sent: number) => void;

/** Sends a file to be judged. Rejects with Problem; an aborted call rejects with code "portal.cancelled". */
export function validate(input: ValidationInput, onProgress?: ProgressListener, signal?: AbortSignal): Promise<Report> {
  return new Promise((resolve, reject) => {
    // XMLHttpRequest and not fetch: only it reports how much of an upload has been sent.
    const request = new XMLHttpRequest();
    request.open('POST', `${kRoot}/validations`);
    request.setRequestHeader('Accept', 'application/json');
    request.upload.onprogress = (event) => {
      if (event.lengthComputable && event.total > 0) onProgress?.(event.loaded / event.total);
    };
    request.onload = () => {
      try {
        resolve(readReport(request));
      } catch (error) {
        reject(error as Error);
      }
    };
    request.onerror = () => reject(new Problem({ code: 'network.unreachable' }));
    request.onabort = () => reject(new Problem({ code: 'portal.cancelled' }));
    signal?.addEventListener('abort', () => request.abort(), { once: true });
    request.send(validationForm(input));
  });
}

export function validationForm(input: ValidationInput): FormData {
  const form = new FormData();
  form.append('file', input.file, input.file.name);
  if (input.content) form.append('content', input.content, input.content.name);
  for (const certificate of input.chain ?? []) form.append('chain', certificate, certificate.name);
  if (input.at) form.append('at', input.at);
  if (input.revocation) form.append('revocation', input.revocation);
  return form;
}

function readReport(request: XMLHttpRequest): Report {
  if (request.status !== 200) {
    throw problemFromResponse(request.status, request.responseText, request.getResponseHeader('X-Request-Id'));
  }
  return parseJson<Report>(request.responseText);
}

export function fetchReport(id: string): Promise<Report> {
  return getJson<Report>(`${kRoot}/validations/${encodeURIComponent(id)}`);
}

/** The report as a message that the platform signed. */
export async function fetchSignedReport(id: string): Promise<Blob> {
  return (await get(`${kRoot}/validations/${encodeURIComponent(id)}/signed`, 'application/pkcs7-mime')).blob();
}

/** Asks for a report to be computed again from the files of its question. */
export async function recompute(id: string, input: ValidationInput): Promise<Recomputation> {
  const form = validationForm({ file: input.file, content: input.content, chain: input.chain });
  form.append('report_id', id);
  const response = await send(`${kRoot}/recomputations`, { method: 'POST', body: form, headers: { Accept: 'application/json' } });
  return parseJson<Recomputation>(await response.text());
}

export function fetchTrustList(): Promise<TrustList> {
  return getJson<TrustList>(`${kRoot}/trust-list`);
}

export function fetchExamples(): Promise<Example[]> {
  return getJson<Example[]>(`${kRoot}/examples`);
}

/** Who can log in to a demonstration; nobody elsewhere. */
export function fetchLogins(): Promise<LoginPlace[]> {
  return getJson<LoginPlace[]>(`${kRoot}/demonstration`);
}

export async function fetchExampleFile(name: string): Promise<File> {
  const response = await get(`${kRoot}/examples/${encodeURIComponent(name)}`, '*/*');
  return new File([await response.arrayBuffer()], name);
}

async function getJson<T>(path: string): Promise<T> {
  const response = await get(path, 'application/json');
  return parseJson<T>(await response.text());
}

function get(path: string, accept: string): Promise<Response> {
  return send(path, { headers: { Accept: accept } });
}

async function send(path: string, request: RequestInit): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(path, request);
  } catch {
    throw new Problem({ code: 'network.unreachable' });
  }
  if (!response.ok) {
    throw problemFromResponse(response.status, await response.text(), response.headers.get('X-Request-Id'));
  }
  return response;
}

function parseJson<T>(text: string): T {
  try {
    return JSON.parse(text) as T;
  } catch {
    throw new Problem({ code: 'portal.bad_answer' });
  }
}
