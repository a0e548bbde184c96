import { describe, expect, it } from 'vitest';
import { asProblem, Problem, problemFromResponse } from './problem';

describe('problemFromResponse', () => {
  it('keeps code, detail and the number to quote of a problem body', () => {
    const body = JSON.stringify({ code: 'upload.too_large', detail: 'at most 64 MiB', instance: 'req-42', title: 'Too large' });
    const problem = problemFromResponse(413, body, 'other');
    expect(problem).toMatchObject({ code: 'upload.too_large', status: 413, detail: 'at most 64 MiB', reference: 'req-42' });
  });

  it('falls back to the status and the request id when the body is no problem', () => {
    expect(problemFromResponse(413, '<html>', 'id-7')).toMatchObject({ code: 'upload.too_large', reference: 'id-7' });
    expect(problemFromResponse(500, '', null).code).toBe('http.server_error');
    expect(problemFromResponse(418, 'null', null).code).toBe('http.rejected');
  });

  it('always has a number to quote', () => {
    expect(problemFromResponse(502, '', null).reference).toMatch(/^L-\d{8}-\d{6}Z$/);
  });
});

describe('asProblem', () => {
  it('passes problems through and wraps everything else', () => {
    const problem = new Problem({ code: 'network.unreachable' });
    expect(asProblem(problem)).toBe(problem);
    expect(asProblem(new Error('boom'))).toMatchObject({ code: 'portal.unexpected', detail: 'boom' });
  });
});
