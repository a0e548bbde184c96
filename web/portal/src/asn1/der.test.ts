import { describe, expect, it } from 'vitest';
import { base64ToBytes } from '@/lib/format';
import { certificates } from '@/testing/report';
import { basicConstraintsText, extensionLeaves, keyUsageNames, readExtensions } from './certificate';
import { DerError, kMaxDepth, oidText, parseDer } from './der';
import { maskResidentNumbers, valueText } from './describe';
import { outline } from './outline';

const leaf = base64ToBytes(certificates.leaf.der ?? '');
const bytes = (...values: number[]) => Uint8Array.from(values);

describe('parseDer', () => {
  it('reads a certificate to its last byte', () => {
    const certificate = parseDer(leaf);
    expect(certificate.end).toBe(leaf.length);
    expect(certificate.children).toHaveLength(3);
  });

  it.each([
    ['nothing', bytes()],
    ['a truncated length', bytes(0x30, 0x82, 0x01)],
    ['a value that runs past the end', bytes(0x30, 0x05, 0x02, 0x01)],
    ['an indefinite length', bytes(0x30, 0x80, 0x00, 0x00)],
    ['trailing bytes', bytes(0x05, 0x00, 0x00)],
    ['a child past its parent', bytes(0x30, 0x03, 0x02, 0x05, 0x00)],
    ['an endless tag', bytes(0x1f, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01, 0x00)],
  ])('refuses %s', (_name, input) => {
    expect(() => parseDer(input)).toThrow(DerError);
  });

  it('stops at its depth budget', () => {
    let nested = bytes(0x05, 0x00);
    for (let depth = 0; depth < kMaxDepth + 1; depth += 1) nested = bytes(0x30, nested.length, ...nested);
    expect(() => parseDer(nested)).toThrow('nested too deeply');
  });

  it('stops at its element budget', () => {
    const body = new Uint8Array(60_000).fill(0).map((_, index) => (index % 2 ? 0 : 5));
    expect(() => parseDer(bytes(0x30, 0x82, body.length >> 8, body.length & 0xff, ...body))).toThrow('too many elements');
  });

  it('cut anywhere, a certificate is refused and never read wrong', () => {
    for (let length = 0; length < leaf.length; length += 1) expect(() => parseDer(leaf.subarray(0, length))).toThrow(DerError);
  });
});

describe('values', () => {
  it('reads object identifiers', () => {
    expect(oidText(bytes(0x2a, 0x81, 0x1c, 0xcf, 0x55, 0x01, 0x83, 0x75))).toBe('1.2.156.10197.1.501');
    expect(oidText(bytes(0x55, 0x1d, 0x0f))).toBe('2.5.29.15');
  });

  it('reads small integers with their sign', () => {
    const text = (...value: number[]) => {
      const der = bytes(0x02, value.length, ...value);
      return valueText(der, parseDer(der), 'en');
    };
    expect([text(0x02), text(0xff), text(0x00, 0x80), text(0x7f, 0xff, 0xff, 0xff)]).toEqual(['2', '-1', '128', '2147483647']);
  });

  it('masks resident numbers and nothing else', () => {
    expect(maskResidentNumbers('SF11010519491231002X')).toBe('SF110*************2X');
    expect(maskResidentNumbers('911501001141234567')).toBe('911501001141234567');
  });

  it('reads key usage and basic constraints', () => {
    expect(keyUsageNames(bytes(0x03, 0x02, 0x06, 0xc0))).toEqual(['digitalSignature', 'nonRepudiation']);
    expect(keyUsageNames(bytes(0x03, 0x03, 0x07, 0x00, 0x80))).toEqual(['decipherOnly']);
    expect(basicConstraintsText(bytes(0x30, 0x06, 0x01, 0x01, 0xff, 0x02, 0x01, 0x00))).toBe('CA: TRUE, pathLen: 0');
    expect(basicConstraintsText(bytes(0x30, 0x00))).toBe('CA: FALSE');
  });
});

describe('a certificate', () => {
  it('shows its extensions with their criticality', () => {
    const extensions = readExtensions(leaf) ?? [];
    const usage = extensions.find((extension) => extension.oid === '2.5.29.15');
    expect(usage?.critical).toBe(true);
    expect(keyUsageNames(usage?.value ?? bytes())).toEqual(certificates.leaf.key_usage);
    expect(extensions.find((extension) => extension.oid === '2.5.29.19')?.critical).toBe(false);
  });

  it('shows addresses inside extensions', () => {
    const points = readExtensions(leaf)?.find((extension) => extension.oid === '2.5.29.31');
    const leaves = extensionLeaves(points?.value ?? bytes(), (value, element) => valueText(value, element, 'en'));
    expect(leaves).toContain('http://crl.example.cn/demo/user.crl');
  });

  it('is outlined with Chinese names', () => {
    expect(outline(leaf, 'zh')?.some((line) => line.value === '1.2.156.10197.1.501 SM2-SM3 签名')).toBe(true);
    expect(outline(bytes(1, 2, 3), 'zh')).toBeNull();
    expect(readExtensions(bytes(0x30, 0x00))).toBeNull();
  });
});
