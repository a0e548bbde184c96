import { beforeEach, describe, expect, it, vi } from 'vitest';
import * as client from '@/api/client';
import { Problem } from '@/api/problem';
import { makeReport } from '@/testing/report';
import { useVerification } from './useVerification';

vi.mock('@/api/client');
const validate = vi.mocked(client.validate);
const fetchExampleFile = vi.mocked(client.fetchExampleFile);
const verification = useVerification();
const file = (name: string) => new File(['x'], name);

beforeEach(() => {
  vi.resetAllMocks();
  verification.resetOptions();
  verification.forget();
});

describe('useVerification', () => {
  it('sends the file with the options set and keeps the report', async () => {
    validate.mockResolvedValue(makeReport());
    verification.options.at = '2026-01-01T08:00:00';
    verification.options.revocation = 'none';
    const report = await verification.verifyFiles([file('a.cer')]);
    expect(validate.mock.calls[0]?.[0]).toMatchObject({ at: '2026-01-01T08:00:00+08:00', revocation: 'none' });
    expect(verification.report.value).toBe(report);
    expect(verification.busy.value).toBe(false);
    expect(verification.optionCount.value).toBe(2);
  });

  it('verifies an example with its content and remembers what to expect', async () => {
    fetchExampleFile.mockImplementation(async (name) => file(name));
    validate.mockResolvedValue(makeReport());
    const texts = { title_zh: '', title_en: '', hint_zh: '', hint_en: '' };
    await verification.verifyExample({ name: 'd.p7s', content: 'd.txt', expected: 'valid', ...texts });
    expect(validate.mock.calls[0]?.[0].content?.name).toBe('d.txt');
    expect(verification.expected.value).toBe('valid');
  });

  it('keeps a failure and can repeat the call', async () => {
    validate.mockRejectedValueOnce(new Problem({ code: 'network.unreachable' })).mockResolvedValue(makeReport());
    expect(await verification.verifyFiles([file('a.cer')])).toBeNull();
    expect(verification.problem.value?.code).toBe('network.unreachable');
    expect(await verification.retry()).not.toBeNull();
    expect(verification.problem.value).toBeNull();
  });

  it('says nothing when the person cancelled', async () => {
    validate.mockRejectedValue(new Problem({ code: 'portal.cancelled' }));
    await verification.verifyFiles([file('a.cer')]);
    expect(verification.problem.value).toBeNull();
  });

  it('lets a second start replace the first', async () => {
    let finishFirst: (report: ReturnType<typeof makeReport>) => void = () => undefined;
    validate.mockImplementationOnce(() => new Promise((resolve) => (finishFirst = resolve)));
    validate.mockResolvedValueOnce(makeReport({ id: 'second' }));
    const first = verification.verifyFiles([file('a.cer')]);
    await vi.waitFor(() => expect(validate).toHaveBeenCalledTimes(1));
    await verification.verifyFiles([file('b.cer')]);
    finishFirst(makeReport({ id: 'first' }));
    expect(await first).toBeNull();
    expect(verification.report.value?.id).toBe('second');
  });

  it('verifies the same file again with its content', async () => {
    validate.mockResolvedValue(makeReport());
    await verification.verifyFiles([file('a.p7s')]);
    await verification.verifyAgain(file('a.txt'));
    expect(validate.mock.calls[1]?.[0]).toMatchObject({ file: { name: 'a.p7s' }, content: { name: 'a.txt' } });
  });
});
