import { afterEach, describe, expect, it, vi } from 'vitest';
import { copyText, pastedFiles } from './clipboard';

const paste = (text: string, files: File[] = []) => pastedFiles({ files, getData: () => text } as unknown as DataTransfer);
afterEach(() => vi.unstubAllGlobals());

describe('pastedFiles', () => {
  it('takes files, PEM and base64, and leaves other text alone', () => {
    const file = new File(['x'], 'a.cer');
    expect(paste('', [file])).toEqual([file]);
    expect(paste('-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----')).toHaveLength(1);
    expect(paste('MIIB'.repeat(40) + '==\n')).toHaveLength(1);
    expect(paste('2026-11-22 18:00:00')).toEqual([]);
    expect(pastedFiles(null)).toEqual([]);
  });
});

describe('copyText', () => {
  it('uses the clipboard where the browser has one', async () => {
    const writeText = vi.fn(async () => undefined);
    vi.stubGlobal('navigator', { clipboard: { writeText } });
    expect(await copyText('link')).toBe(true);
    expect(writeText).toHaveBeenCalledWith('link');
  });

  it('falls back on plain HTTP, and admits when that fails too', async () => {
    vi.stubGlobal('navigator', {});
    document.execCommand = vi.fn(() => true);
    expect(await copyText('link')).toBe(true);
    document.execCommand = vi.fn(() => false);
    expect(await copyText('link')).toBe(false);
    expect(document.querySelector('textarea')).toBeNull();
  });
});
