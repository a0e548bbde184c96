// End-to-end: one login for every business system. Two business systems (web/business), the sign-in page of the platform, a running hutong-agent
// with keys of two vendors and with keys that get in nowhere; the agent's windows are answered by tests/scenario/pinentry.sh.
//   HUTONG_URL, HUTONG_AGENT (host:port), HUTONG_PROMPTS (folder), HUTONG_SYSTEMS (two origins), HUTONG_BUSINESS (folder of their settings): see ./dev
// With HUTONG_SCREENSHOTS=folder every page is pictured, wide and as on a phone, in both languages.
import assert from 'node:assert/strict';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { after, afterEach, before, beforeEach, describe, test } from 'node:test';
import { Operator } from '../../../tests/scenario/support.mjs';
import { launchBrowser, platformUrl, scrollsSideways, useLanguage } from './browser.mjs';

const base = platformUrl();
const { HUTONG_AGENT: agentAddress, HUTONG_PROMPTS: prompts, HUTONG_SCREENSHOTS: pictures } = process.env;
const [procurement, trading] = process.env.HUTONG_SYSTEMS.split(' ');
const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const words = {
  zh: { start: '使用数字证书登录', out: '退出登录', check: '重新核验登录', refused: '未能登录', choose: '选择证书', left: '您已退出登录' },
  en: { start: 'Log in with your certificate', out: 'Log out', check: 'Check the login again', refused: 'Not signed in', choose: 'Choose a certificate', left: 'You are logged out' },
};

let browser;
let context;
let page;
let complaints;

before(async () => {
  browser = await launchBrowser();
});
after(() => browser?.close());
beforeEach(() => {
  complaints = [];
  writeFileSync(join(prompts, 'always'), '12345678\n');
});
afterEach(async () => {
  await context?.close();
  assert.deepEqual(complaints, []);
});

async function browse(language) {
  context = await browser.newContext({
    viewport: { width: 1280, height: 900 }, ignoreHTTPSErrors: true, locale: language === 'zh' ? 'zh-CN' : 'en-GB' });
  await useLanguage(context, language);
  await context.addInitScript((address) => localStorage.setItem('hutong.agent', address), agentAddress);
  page = await context.newPage();
  page.on('pageerror', (error) => complaints.push(`page: ${error.message}`));
  page.on('console', (message) => {
    if (/Content Security Policy|Refused to/.test(message.text())) complaints.push(`console: ${message.text()}`);
  });
}

/** Nothing that assistive technology trips over and nothing that sticks out, wide and on a phone. */
async function looksRight(name, language) {
  for (const [size, viewport] of [['wide', { width: 1280, height: 900 }], ['phone', { width: 360, height: 740 }]]) {
    await page.setViewportSize(viewport);
    if (pictures) await page.screenshot({ path: join(pictures, `login-${name}-${language}-${size}.png`), fullPage: true });
    assert.equal(await scrollsSideways(page), false, `${name} ${size}`);
  }
  await page.setViewportSize({ width: 1280, height: 900 });
  if (page.url().startsWith(base)) { // a page with a strict policy takes no script
    await page.evaluate(axeSource);
    const { violations } = await page.evaluate(() => globalThis.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'] }));
    assert.deepEqual(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(' ')).join(', ')}`), [], name);
  }
}

/** From the business system to the sign-in page, and a certificate chosen there. */
async function chooseAt(system, holder, language, picture) {
  await page.goto(system);
  await page.getByRole('button', { name: words[language].start }).click();
  await page.getByRole('heading', { name: words[language].choose }).waitFor();
  if (picture) await looksRight(picture, language);
  await page.getByRole('button', { name: holder }).click();
}
const configOf = (system) => JSON.parse(readFileSync(join(process.env.HUTONG_BUSINESS, `${system}.json`), 'utf8'));
const said = (name) => page.getByTestId(name).innerText();

describe('who gets in', () => {
  test('one key logs in to both systems, is checked again, and logs out of one', async () => {
    await browse('zh');
    await page.goto(procurement);
    await looksRight('start', 'zh');
    await chooseAt(procurement, '演示中小企业有限公司', 'zh', 'choice');
    await page.getByTestId('uscc').waitFor();
    assert.equal(await said('name'), '演示中小企业有限公司');
    assert.match(await said('uscc'), /^91150104MA0DEMX21/);
    assert.equal(await said('roles'), '供应商');
    assert.equal(await said('vendor'), '演示CA甲');
    assert.match(await said('region'), /150100/);
    await looksRight('account', 'zh');
    await chooseAt(trading, '演示中小企业有限公司', 'zh');
    await page.getByTestId('uscc').waitFor();
    assert.match(await said('uscc'), /^91150104MA0DEMX21/);
    await page.getByRole('button', { name: words.zh.out }).click();
    await page.getByText(words.zh.left).waitFor();
    assert.equal(await said('who'), '未登录');
    await page.goto(procurement);
    await page.getByRole('button', { name: words.zh.check }).click();
    await page.getByText('核验通过').waitFor();
    assert.equal(await said('name'), '演示中小企业有限公司', 'each system has a login of its own');
  });

  test('a key of the other vendor serves two roles: its holder chooses one, another one elsewhere', async () => {
    await browse('en');
    await chooseAt(procurement, '演示采购单位', 'en', 'choice');
    await page.getByRole('button', { name: 'Purchaser' }).waitFor();
    await looksRight('role', 'en');
    await page.getByRole('button', { name: 'Purchaser' }).click();
    await page.getByTestId('roles').waitFor();
    assert.equal(await said('roles'), 'Purchaser');
    assert.equal(await said('vendor'), 'Demonstration CA B');
    await looksRight('account', 'en');
    await chooseAt(trading, '演示采购单位', 'en');
    await page.getByRole('button', { name: 'Supplier' }).click();
    await page.getByTestId('roles').waitFor();
    assert.equal(await said('roles'), 'Supplier');
    await page.getByRole('button', { name: words.en.out }).click();
    await page.getByText(words.en.left).waitFor();
    await page.getByRole('link', { name: '中文' }).click();
    await page.getByRole('button', { name: words.zh.start }).waitFor();
  });
});

describe('who gets in nowhere, and reads why', () => {
  const table = [
    ['revoked', '演示已吊销证书单位', 'revocation.revoked', '已被吊销', 'was revoked'],
    ['on-hold', '演示已冻结证书单位', 'revocation.on_hold', '已被冻结', 'is suspended'],
    ['expired', '演示已过期证书单位', 'path.expired', '已过有效期', 'has expired'],
    ['unaccredited', '演示未互认厂商用户', 'path.no_issuer', '没有在平台准入', 'is not accredited here'],
    ['unknown', '演示来历不明用户', 'path.no_issuer', '没有在平台准入', 'is not accredited here'],
  ];
  for (const language of ['zh', 'en']) {
    for (const [name, holder, code, zh, en] of table) {
      test(`${name} (${language})`, async () => {
        await browse(language);
        for (const system of [procurement, trading]) {
          await chooseAt(system, holder, language);
          await page.getByRole('heading', { name: words[language].refused }).waitFor();
          const told = await page.getByRole('alert').innerText();
          assert.ok(told.includes(language === 'zh' ? zh : en), told);
          assert.ok(told.includes(code), told);
          if (code !== 'path.no_issuer') assert.doesNotMatch(told, language === 'en' ? /证书/ : /certificate/, 'in one language'); // that one names the issuer
          if (system === procurement && (pictures || name === 'revoked')) await looksRight(`refused-${name}`, language);
          await page.goto(system);
          await page.getByRole('button', { name: words[language].start }).waitFor();
        }
      });
    }
  }
});

describe('a device without a key', () => {
  const { client_id, client_secret } = configOf('procurement');
  const ask = async (path, form) => (await fetch(`${base}/oidc/${path}`, { method: 'POST', body: new URLSearchParams({ client_id, client_secret, ...form }) })).json();
  const begin = () => ask('device-authorization', { scope: 'openid' });
  const tokens = ({ device_code }) => ask('token', { grant_type: 'urn:ietf:params:oauth:grant-type:device_code', device_code });
  const device = {
    zh: { go: '继续', none: '没有设备在等待这个代码', done: '登录成功', deny: '不是我发起的', denied: '已拒绝' },
    en: { go: 'Go on', none: 'No device is waiting', done: 'Logged in', deny: 'It was not me', denied: 'Declined' },
  };

  for (const language of ['zh', 'en']) {
    test(`its code is typed on the computer, where the key is (${language})`, async () => {
      await browse(language);
      const waiting = await begin();
      await page.goto(`${base}/device`);
      await page.getByRole('button', { name: device[language].go }).waitFor();
      await looksRight('device', language);
      await page.locator('input[name=user_code]').fill('bcdf ghjk');
      await page.getByRole('button', { name: device[language].go }).click();
      await page.getByText(device[language].none).first().waitFor();
      await looksRight('device-unknown', language);
      await page.locator('input[name=user_code]').fill(waiting.user_code.toLowerCase().replace('-', ' '));
      await page.getByRole('button', { name: device[language].go }).click();
      await page.getByRole('heading', { name: words[language].choose }).waitFor();
      assert.equal(await page.getByTestId('user-code').innerText(), waiting.user_code);
      await looksRight('device-choice', language);
      assert.equal((await tokens(waiting)).error, 'authorization_pending');
      await page.getByRole('button', { name: '演示中小企业有限公司' }).click();
      await page.getByRole('heading', { name: device[language].done }).waitFor();
      await looksRight('device-accepted', language);
      const [, claims] = (await tokens(waiting)).id_token.split('.');
      assert.match(JSON.parse(Buffer.from(claims, 'base64url')).uscc, /^91150104MA0DEMX21/);
    });

    test(`who did not begin it declines (${language})`, async () => {
      await browse(language);
      const waiting = await begin();
      await page.goto(waiting.verification_uri_complete);
      assert.equal(await page.locator('input[name=user_code]').inputValue(), waiting.user_code);
      await page.getByRole('button', { name: device[language].go }).click();
      await page.getByRole('button', { name: device[language].deny }).click();
      await page.getByRole('heading', { name: device[language].denied }).waitFor();
      await looksRight('device-denied', language);
      assert.equal((await tokens(waiting)).error, 'access_denied');
    });
  }
});

describe('what else can go wrong', () => {
  test('a ticket that is old or made up, none at all, a PIN window that is closed', async () => {
    for (const language of ['zh', 'en']) {
      await browse(language);
      await page.goto(`${base}/sign-in?request=made.up`);
      await page.getByText(language === 'zh' ? '这次登录请求已失效' : 'This login is no longer good').waitFor();
      await looksRight('no-ticket', language);
      await page.goto(`${base}/sign-in`);
      await page.getByText(language === 'zh' ? '只能从业务系统进入' : 'entered from a business system').waitFor();
      rmSync(join(prompts, 'always'));
      await chooseAt(procurement, '演示中小企业有限公司', language);
      await page.getByText(language === 'zh' ? '取消了' : 'You cancelled').waitFor();
      writeFileSync(join(prompts, 'always'), '12345678\n');
      await page.getByRole('button', { name: language === 'zh' ? '重试' : 'Try again' }).click();
      await page.getByRole('heading', { name: words[language].choose }).waitFor();
      if (language === 'zh') await context.close();
    }
  });

  test('an answer that does not belong to a login is not believed', async () => {
    await browse('zh');
    await page.goto(`${procurement}/callback?code=x&state=y`);
    await page.getByText('打开时间过长').waitFor();
    await looksRight('foreign-answer', 'zh');
  });

  test('a system that operators suspended tells its users why, until two of them resume it', async () => {
    const [clerk, reviewer] = await Promise.all(['clerk', 'reviewer'].map((name) => Operator.logIn(base, dirname(process.env.HUTONG_BUSINESS), name)));
    const system = `/business-systems/${configOf('trading').client_id}`;
    await clerk.post(`${system}/suspension`, { reason: '密钥可能泄露，正在更换' });
    for (const language of ['zh', 'en']) {
      await browse(language);
      await page.goto(trading);
      await page.getByRole('button', { name: words[language].start }).click();
      await page.getByRole('heading', { name: words[language].refused }).waitFor();
      const told = await page.getByRole('alert').innerText();
      assert.ok(told.includes('密钥可能泄露，正在更换'), told);
      assert.ok(told.includes('system.suspended'), told);
      await looksRight('suspended', language);
      if (language === 'zh') await context.close();
    }
    const { id } = await clerk.post(`${system}/steps`, { step: 'resumption', reason: '已更换' });
    await reviewer.post(`${system}/steps/${id}/decision`, { decision: 'release', reason: '已核对' });
    await page.goto(trading);
    await page.getByRole('button', { name: words.en.start }).click();
    await page.getByRole('heading', { name: words.en.choose }).waitFor();
  });

  test('a newcomer finds on the start page how to log in', async () => {
    for (const language of ['zh', 'en']) {
      await browse(language);
      await page.goto(`${base}/demonstration`);
      await page.getByTestId('business-systems').getByRole('link', { name: procurement }).waitFor();
      assert.match(await page.getByTestId('business-systems').innerText(), /12345678/);
      await looksRight('guide', language);
      if (language === 'zh') await context.close();
    }
  });
});
