import { describe, expect, it } from 'vitest';
import { base64ToBytes, bytesToHex, formatSize, groupHex, hexDump, safeFileName } from './format';

describe('format', () => {
  it('writes sizes', () => {
    expect([formatSize(0), formatSize(1023), formatSize(1536), formatSize(3 << 20)]).toEqual(['0 B', '1023 B', '1.5 KiB', '3.0 MiB']);
  });

  it('groups hex and keeps the rest', () => {
    expect(groupHex('2da1c39a0')).toBe('2da1 c39a 0');
    expect(groupHex('')).toBe('');
  });

  it('reads base64 with line ends', () => {
    expect(bytesToHex(base64ToBytes('AP8Q\nEQ=='))).toBe('00ff1011');
  });

  it('dumps bytes line by line up to the limit', () => {
    const lines = hexDump(Uint8Array.from({ length: 40 }, (_, index) => index + 0x2f), 0, 20);
    expect(lines).toHaveLength(2);
    expect(lines[0]).toMatchObject({ offset: '0000', text: '/0123456789:;<=>' });
    expect(lines[1]?.hex).toBe('3f 40 41 42');
  });

  it('makes file names no system refuses', () => {
    expect(safeFileName('a/b:c 公司')).toBe('a_b_c_公司');
    expect(safeFileName('')).toBe('file');
  });
});
