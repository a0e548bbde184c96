import { expect, it } from 'vitest';
import { humanize } from './humanize';

it('shows times in Beijing and reasons in words', () => {
  expect(humanize('证书已于 2026-11-12T19:39:03Z 被吊销（keyCompromise）', 'zh')).toBe('证书已于 2026-11-13 03:39:03 被吊销（密钥泄露）');
  expect(humanize('the certificate was revoked at 2026-11-12T19:39:03Z (keyCompromise)', 'en')).toBe(
    'The certificate was revoked at 2026-11-13 03:39:03 (key compromise)',
  );
});

it('shortens directory names and leaves other quotes alone', () => {
  expect(humanize('找不到颁发者“CN=演示CA丙,O=演示CA丙,C=CN”的证书', 'zh')).toBe('找不到颁发者“演示CA丙”的证书');
  expect(humanize('密钥用法“a=”（数字签名）', 'zh')).toBe('密钥用法“a=”（数字签名）');
  expect(humanize('', 'en')).toBe('');
});
