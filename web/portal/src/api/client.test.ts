import { afterEach, describe, expect, it, vi } from 'vitest';
import { fetchExamples, fetchReport, validationForm } from './client';

afterEach(() => vi.unstubAllGlobals());

describe('validationForm', () => {
  it('sends only what was given', () => {
    const form = validationForm({ file: new File(['a'], 'a.cer') });
    expect([...form.keys()]).toEqual(['file']);
  });

  it('names the parts as the API does', () => {
    const form = validationForm({
      file: new File(['a'], 'a.p7s'),
      content: new File(['b'], 'b.txt'),
      chain: [new File(['c'], 'c.cer'), new File(['d'], 'd.cer')],
      at: '2026-01-01T00:00:00+08:00',
      revocation: 'require',
    });
    expect((form.get('file') as File).name).toBe('a.p7s');
    expect((form.get('content') as File).name).toBe('b.txt');
    expect(form.getAll('chain')).toHaveLength(2);
    expect(form.get('at')).toBe('2026-01-01T00:00:00+08:00');
    expect(form.get('revocation')).toBe('require');
  });
});

describe('reading', () => {
  it('asks for the report under an escaped id', async () => {
    const fetchMock = vi.fn(async () => new Response('{"id":"x"}'));
    vi.stubGlobal('fetch', fetchMock);
    await fetchReport('a/../b');
    expect(fetchMock).toHaveBeenCalledWith('/api/v1/validations/a%2F..%2Fb', expect.anything());
  });

  it('turns a refused connection into a problem', async () => {
    vi.stubGlobal('fetch', vi.fn(async () => Promise.reject(new TypeError('refused'))));
    await expect(fetchExamples()).rejects.toMatchObject({ code: 'network.unreachable' });
  });

  it('turns an answer that is no JSON into a problem', async () => {
    vi.stubGlobal('fetch', vi.fn(async () => new Response('<!doctype html>')));
    await expect(fetchExamples()).rejects.toMatchObject({ code: 'portal.bad_answer' });
  });

  it('turns a problem body into a problem', async () => {
    vi.stubGlobal('fetch', vi.fn(async () => new Response('{"code":"validation.not_found","instance":"r-1"}', { status: 404 })));
    await expect(fetchReport('x')).rejects.toMatchObject({ code: 'validation.not_found', reference: 'r-1' });
  });
});
