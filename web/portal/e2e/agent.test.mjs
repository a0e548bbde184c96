// End-to-end: a supplier's life with a token in the browser. The pages as the platform serves them, a running hutong-agent with the software
// token, a vendor's CA that issues what is asked for; the agent's windows are answered by tests/scenario/pinentry.sh.
//   HUTONG_URL, HUTONG_AGENT (host:port), HUTONG_PROMPTS (folder), HUTONG_BIN, HUTONG_VENDOR (folder of the CA): see ./dev
import assert from 'node:assert/strict';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, test } from 'node:test';
import { Vendor } from '../../../tests/scenario/vendor.mjs';
import { platformUrl, scrollsSideways } from './browser.mjs';
import { freshPages, page } from './pages.mjs';

const base = platformUrl();
const { HUTONG_AGENT: agentAddress, HUTONG_PROMPTS: prompts, HUTONG_BIN: bin, HUTONG_VENDOR: vendorFolder } = process.env;
const kAdministratorPin = '88888888';
const kWrongPin = '00000000';
const kMostTries = 10;
let pin = '12345678'; // of the token, as it is now

freshPages({
  options: { ignoreHTTPSErrors: true, acceptDownloads: true },
  prepare: (context) => context.addInitScript((address) => localStorage.setItem('hutong.agent', address), agentAddress),
});
beforeEach(() => answerWith());

/** What the agent's next windows that ask for a PIN get. */
function answerWith(...pins) {
  writeFileSync(join(prompts, 'pins'), pins.map((one) => `${one}\n`).join(''));
  rmSync(join(prompts, 'shown'), { force: true });
  rmSync(join(prompts, 'refuse'), { force: true });
}
/** What the windows since then showed. */
function shown() {
  return existsSync(join(prompts, 'shown')) ? decodeURIComponent(readFileSync(join(prompts, 'shown'), 'utf8')) : '';
}

/** Presses a button of a sample page; the text of its section's output, which must be as good as expected. */
async function press(id, expected = 'good') {
  await page.locator(`#${id}`).click();
  const output = page.locator('section', { has: page.locator(`#${id}`) }).locator('output');
  await page.locator(`#${id}:enabled`).waitFor();
  const text = await output.innerText();
  assert.equal(await output.getAttribute('class'), expected, `${id}: ${text}`);
  return text;
}

/** The drivers that clash have tokens too; the supplier’s is chosen. */
async function openSample() {
  await page.goto(`${base}/sdk/index.html`);
  await press('connect');
  const values = await page.locator('#application option').evaluateAll((options) => options.map((one) => one.value));
  const own = values.find((value) => value.includes('software-token/supplier'));
  await page.locator('#application').selectOption(own);
}

async function checkUp() {
  await page.goto(`${base}/check-up`);
  await page.getByTestId('check-up-result').waitFor({ timeout: 20_000 });
  return page.locator('[data-code]').evaluateAll((items) => items.map((one) => one.dataset.code));
}

describe('a supplier’s life', () => {
  test('keys are made in the token, certified by the vendor, and written back with the enveloped encryption key', async () => {
    await openSample();
    answerWith(pin);
    await press('login');
    assert.match(shown(), new RegExp(new URL(base).host.replaceAll('.', '\\.')), 'the window shows the origin');
    assert.match(shown(), /登录示例页/, 'and the purpose');
    assert.match(await press('generate'), /公钥：04[0-9a-f]{128}/);
    assert.match(await press('generate', 'bad'), /agent\.key_exists/);
    await press('request');
    const vendor = new Vendor(bin, vendorFolder);
    const order = await vendor.approved(vendor.application(await page.locator('#csr').inputValue()));
    const objects = await vendor.deliver(await vendor.make(order.id));
    await page.locator('#signing-certificate').fill(objects.signing_certificate);
    await page.locator('#encryption-certificate').fill(objects.encryption_certificate);
    await page.locator('#enveloped-key').fill(objects.enveloped_key);
    assert.match(await press('import'), /已写入：(signature, encryption|encryption, signature)/);
  });

  test('a bid and a login challenge are signed, a file is encrypted and decrypted', async () => {
    await openSample();
    answerWith(pin);
    await press('login');
    assert.match(await press('sign'), /签名正确/);
    assert.match(await press('sign-message'), /签名正确/);
    assert.match(await press('challenge'), /签署者 .*演示供应商有限公司/);
    assert.match(shown(), /登录示例系统/, 'each purpose has a window of its own');
    const bid = Buffer.from('投标文件 '.repeat(200_000));
    const file = { name: 'bid.txt', mimeType: 'text/plain', buffer: bid };
    await page.locator('#file').setInputFiles(file);
    const envelope = await downloadOf('encrypt');
    assert.equal(envelope.includes(Buffer.from('投标文件')), false);
    await page.locator('#file').setInputFiles({ ...file, name: 'bid.txt.p7m', buffer: envelope });
    assert.ok(bid.equals(await downloadOf('decrypt')));
    envelope[envelope.length - 40] ^= 1;
    await page.locator('#file').setInputFiles({ ...file, name: 'bid.txt.p7m', buffer: envelope.subarray(0, envelope.length / 2) });
    await press('decrypt', 'bad');
  });

  async function downloadOf(id) {
    const [download] = await Promise.all([page.waitForEvent('download'), press(id)]);
    return readFileSync(await download.path());
  }

  test('every function of the SOF interface does what is documented', async () => {
    await page.goto(`${base}/sdk/sof.html`);
    assert.match(await press('users'), /证书 1 个/);
    answerWith(pin, pin, pin, pin, '87654321', '87654321'); // SOF_Login, twice more while all are called, then SOF_ChangePassWd
    await press('login');
    const text = await press('all');
    pin = '87654321';
    assert.match(text, /个函数全部符合文档/);
    assert.deepEqual(await page.locator('tr[data-state="failed"]').allInnerTexts(), []);
    await page.setViewportSize({ width: 360, height: 740 });
    assert.equal(await scrollsSideways(page), false);
  });

  test('the check-up finds all in order and tries the certificate', async () => {
    const codes = await checkUp();
    for (const code of ['agent.good', 'permission.granted', 'token.good', 'certificate.good', 'trust.valid']) assert.ok(codes.includes(code), `${code} in ${codes}`);
    answerWith(pin);
    await page.getByRole('button', { name: '开始试用' }).click();
    await page.locator('[data-code="trial.opened"]').waitFor();
    assert.equal(await page.locator('[data-code="trial.signed"]').count(), 1);
  });

  test('the PIN is changed; wrong ones lock it; the administrator’s unblocks it', async () => {
    await openSample();
    answerWith(pin, 'newpin88', 'newpin88');
    await press('pin-change');
    pin = 'newpin88';
    answerWith(pin);
    await press('login');
    await press('logout');
    for (let tries = kMostTries; tries > 0; ) {
      answerWith(kWrongPin);
      assert.match(await press('login', 'bad'), /token\.pin_(incorrect|locked)|agent\.refused_by_user/);
      const left = Number(/剩余 (\d+) 次/.exec(await press('pin-state'))[1]);
      assert.ok(left < tries, `a wrong PIN costs a try: ${tries} → ${left}`);
      tries = left;
    }
    answerWith(pin);
    assert.match(await press('login', 'bad'), /token\.pin_locked/);
    assert.ok((await checkUp()).includes('pin.locked'));
    await openSample();
    pin = 'again1234';
    answerWith(kAdministratorPin, pin, pin);
    await press('pin-unblock');
    answerWith(pin);
    await press('login');
    assert.match(await press('sign'), /签名正确/);
  });
});

describe('drivers that clash', () => {
  test('the check-up names the bad one, and the token works all the same', async () => {
    const codes = await checkUp();
    assert.ok(codes.includes('driver.crashed') && codes.includes('driver.hung') && codes.includes('driver.faulty'), String(codes));
    assert.ok(codes.includes('driver.others_fine'));
    assert.match(await page.locator('[data-code="driver.crashed"]').innerText(), /驱动名：crash。/);
    assert.match(await page.locator('[data-code="driver.hung"]').innerText(), /驱动名：hang。/);
    assert.match(await page.getByTestId('check-up-result').innerText(), /发现问题/);
    assert.ok(codes.includes('token.good'));
    const ready = await page.locator('[data-code="driver.ready"]').allInnerTexts();
    for (const name of ['互通', 'clash_1', 'clash_2']) assert.ok(ready.some((text) => text.includes(name)), `${name} works: ${ready}`);
  });
});
