// End-to-end: the console as a running hutong-kmc serves it, by the operators that `hutong-kmc init --demonstration` made.
//   HUTONG_KMC_URL=http://127.0.0.1:8444 HUTONG_KMC_OPERATORS=folder HUTONG_KMC_PASSWORD=… npm run test:e2e:kmc
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { logIn } from './console.mjs';
import { accessibilityViolations, freshPages, page } from './pages.mjs';

const base = (process.env.HUTONG_KMC_URL ?? '').replace(/\/$/, '');
const folder = process.env.HUTONG_KMC_OPERATORS;
if (!base || !folder) throw new Error('set HUTONG_KMC_URL and HUTONG_KMC_OPERATORS to a running hutong-kmc and the folder of its operators');
const password = process.env.HUTONG_KMC_PASSWORD ?? '';

freshPages();

const become = (name) => logIn(page, base, readFileSync(join(folder, `${name}.p12`)), password);

test('the super administrator sees the three stores and sets the refill, signed', async () => {
  await become('super-administrator');
  await page.getByRole('heading', { name: '三个密钥库' }).waitFor();
  await page.getByLabel('补充至（对）').fill('600');
  await page.getByRole('button', { name: '保存策略' }).click();
  await page.getByText('策略已保存。').waitFor();
  assert.deepEqual(await accessibilityViolations(), []);
});

/** The certificate of a key file, as PEM. */
const certificateOf = (name) =>
  execFileSync('openssl', ['pkcs12', '-in', join(folder, `${name}.p12`), '-clcerts', '-nokeys', '-passin', 'stdin'], { input: password });

/** Adds an operator with every right that the role may have. */
async function add(name, file, role) {
  await page.locator('nav a[href="/console/operators"]').click();
  await page.getByRole('button', { name: '新增操作员' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.locator('[name=display-name]').fill(name);
  await dialog.locator('select').selectOption(role);
  await dialog.locator('input[type=file]').setInputFiles({ name: 'a.pem', mimeType: 'application/x-pem-file', buffer: certificateOf(file) });
  await dialog.getByText(/有效期至/).waitFor();
  for (const box of await dialog.locator('input[type=checkbox]:enabled').all()) await box.check();
  assert.deepEqual(await accessibilityViolations(), [], 'dialog');
  await dialog.getByRole('button', { name: '新增', exact: true }).click();
  await dialog.waitFor({ state: 'hidden' });
  await page.getByRole('link', { name }).waitFor();
}

test('administrators add those whom their role governs, signed', async () => {
  await become('super-administrator');
  await add('业务管理员', 'business-administrator', 'business_administrator');
  await become('business-administrator');
  await add('密钥操作员', 'business-operator', 'business_operator');
});

test('an operator has keys made and sees how fast', async () => {
  await become('business-operator');
  await page.locator('[name=count]').fill('1000');
  await page.getByRole('button', { name: '立即生成' }).click();
  await page.getByText('已安排生成 1000 对密钥。').waitFor();
  await page.getByText('1,000 / 1,000').first().waitFor({ timeout: 60_000 });
  assert.match(await page.getByTestId('rate').innerText(), /每秒 \d+ 对/);
});

test('every page of an operator opens, none with an accessibility violation', async () => {
  await become('business-operator');
  for (const link of await page.locator('nav ul a').all()) {
    await link.click();
    await page.waitForTimeout(700);
    assert.equal(await page.getByRole('alert').count(), 0, page.url());
    assert.deepEqual(await accessibilityViolations(), [], page.url());
  }
});

test('the audit administrator verifies the chain with the signatures', async () => {
  await become('audit-administrator');
  await page.locator('nav a[href="/console/audit"]').click();
  await page.getByRole('button', { name: '立即验证' }).click();
  await page.getByTestId('verification').waitFor();
  assert.match(await page.getByTestId('verification').innerText(), /完整/);
});
