// End-to-end: the built portal as a running hutong-platform serves it, judged by that platform.
//   HUTONG_URL=http://127.0.0.1:8080 npm run test:e2e
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { before, beforeEach, describe, test } from 'node:test';
import { chooseFile, fetchExamples, platformUrl, scrollsSideways, waitForVerdict } from './browser.mjs';
import { accessibilityViolations, browser, freshPages, page } from './pages.mjs';

const base = platformUrl();
const words = { valid: '有效', invalid: '无效', indeterminate: '无法判定' };
const kBeyondLimit = 80 << 20; // the platform accepts 64 MiB unless told otherwise
const garbage = [0x30, 0x82, 0xff, 0x01, ...Buffer.from('this is no certificate')];

let noAgent; // an address at which no agent listens
let examples;

before(async () => {
  examples = await fetchExamples();
  noAgent = `127.0.0.1:${await unusedPort()}`;
});
// The check-up looks for the agent of this machine.
freshPages({ mayAsk: (url) => [base, 'blob:', `https://${noAgent}/`].some((start) => url.startsWith(start)) });
beforeEach(() => page.on('filechooser', () => {})); // from the start, so that no dialogue opens before it is caught

function unusedPort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/** The check-up on a machine without an agent. */
async function checkUp() {
  await page.addInitScript((address) => localStorage.setItem('hutong.agent', address), noAgent);
  await page.goto(`${base}/check-up`);
  await page.getByTestId('check-up-result').waitFor();
}

async function verifyExample(name) {
  await page.goto(base);
  await page.locator(`[data-example="${name}"]`).click();
  return waitForVerdict(page);
}

function exampleExpecting(indication, extension = '.cer') {
  const found = examples.find((example) => example.expected === indication && example.name.endsWith(extension));
  assert.ok(found, `the platform offers an example (${extension}) expected to be ${indication}`);
  return found.name;
}

describe('the start page', () => {
  test('says what to do and whether the trust list is in order', async () => {
    const list = await (await fetch(`${base}/api/v1/trust-list`)).json();
    await page.goto(base);
    const status = page.locator('.status');
    await status.waitFor();
    const text = await status.innerText();
    assert.match(text, { current: /信任列表有效/, missing: /没有信任列表/, expired: /已过期/, bad_signature: /签名无效/, malformed: /格式错误/ }[list.state]);
    if (list.state === 'current') assert.ok(text.includes(`第 ${list.number} 号`));
    assert.ok(await page.getByRole('button', { name: /选择文件，或拖放到这里/ }).isVisible());
  });

  test('offers every example of the platform', async () => {
    await page.goto(base);
    await page.locator('[data-example]').first().waitFor();
    assert.equal(await page.locator('[data-example]').count(), examples.length);
  });
});

describe('examples', () => {
  test('each gets the verdict it announces', async () => {
    assert.ok(examples.length >= 4, 'at least a good, an expired, a revoked and a forged one');
    for (const example of examples) {
      const text = await (await verifyExample(example.name)).innerText();
      assert.match(text, new RegExp(`^\\s*${words[example.expected]}\\s`), `${example.name}: ${text}`);
      assert.ok(await page.getByText('本次结果与预期一致').isVisible(), example.name);
    }
  });
});

describe('a report', () => {
  test('draws the chain from the certificate to the anchor and opens its bytes in two clicks', async () => {
    await verifyExample(exampleExpecting('valid'));
    const cards = page.locator('.chain .card');
    assert.ok((await cards.count()) >= 2);
    assert.match(await cards.last().innerText(), /信任锚/);
    assert.equal(await page.locator('.chain .link.bad').count(), 0);
    await cards.first().click();
    await page.getByRole('tab', { name: '字节' }).click();
    await page.locator('pre', { hasText: /^0000\s+30 82/ }).waitFor();
    await page.keyboard.press('Escape');
    await page.locator('.el-drawer').waitFor({ state: 'hidden' });
  });

  test('can be opened again under its address, in another browser', async () => {
    const shown = await (await verifyExample(exampleExpecting('invalid'))).innerText();
    const address = page.url();
    assert.match(address, /\/verify\/[0-9A-Z]{26}$/);
    const stranger = await browser.newContext();
    try {
      const other = await stranger.newPage();
      await other.goto(address);
      assert.equal(await (await waitForVerdict(other)).innerText(), shown);
    } finally {
      await stranger.close();
    }
  });

  test('is saved as the JSON the platform made', async () => {
    await verifyExample(exampleExpecting('valid'));
    const id = page.url().split('/').pop();
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: '下载 JSON 报告' }).click()]);
    const saved = JSON.parse(readFileSync(await download.path(), 'utf8'));
    assert.deepEqual(saved, await (await fetch(`${base}/api/v1/validations/${id}`)).json());
  });

  test('is computed again, from its page and from a signed copy in another browser', async () => {
    const name = exampleExpecting('valid');
    await verifyExample(name);
    const panel = page.locator('.panel', { hasText: '这份报告现在还成立吗' });
    await panel.getByRole('button').first().click();
    await panel.getByRole('button', { name: '重新计算', exact: true }).click();
    assert.match(await panel.locator('.outcome').innerText(), /^一致：重新计算的结论仍是“有效”/);
    const [download] = await Promise.all([page.waitForEvent('download'), panel.getByRole('button', { name: '下载平台签名的报告' }).click()]);
    const form = new FormData();
    form.append('signed_report', new Blob([readFileSync(await download.path())]));
    form.append('file', new Blob([await (await fetch(`${base}/api/v1/examples/${name}`)).arrayBuffer()]), name);
    const again = await (await fetch(`${base}/api/v1/recomputations`, { method: 'POST', body: form })).json();
    assert.equal(again.same, true, JSON.stringify(again.differences));

    await page.reload();
    await panel.getByRole('button').first().click();
    const choose = async (octets) => {
      const [chooser] = await Promise.all([page.waitForEvent('filechooser'), panel.getByRole('button', { name: /^选择原文件/ }).click()]);
      await chooser.setFiles({ name, mimeType: 'application/octet-stream', buffer: Buffer.from(octets) });
      await panel.getByRole('button', { name: '重新计算', exact: true }).click();
    };
    await choose(garbage);
    await panel.getByText('这不是报告所针对的文件').waitFor();
    await choose(await (await fetch(`${base}/api/v1/examples/${name}`)).arrayBuffer());
    await panel.locator('.outcome.same').waitFor();
  });

  test('prints verdict, chain, findings and address, and no buttons', async () => {
    await verifyExample(exampleExpecting('invalid'));
    await page.emulateMedia({ media: 'print' });
    for (const part of [page.getByTestId('verdict'), page.locator('.chain'), page.locator('[data-code]').first()]) assert.ok(await part.isVisible());
    assert.ok(await page.locator('.print-only', { hasText: page.url() }).isVisible());
    assert.equal(await page.getByRole('button', { name: '复制链接' }).isVisible(), false);
  });

  test('names every finding with its code', async () => {
    await verifyExample(exampleExpecting('invalid'));
    const id = page.url().split('/').pop();
    const report = await (await fetch(`${base}/api/v1/validations/${id}`)).json();
    for (const finding of report.findings) assert.ok((await page.locator(`[data-code="${finding.code}"]`).count()) > 0, finding.code);
  });
});

describe('files of one’s own', () => {
  test('a file dropped on the page is judged', async () => {
    const octets = Buffer.from(await (await fetch(`${base}/api/v1/examples/${exampleExpecting('valid')}`)).arrayBuffer());
    await page.goto(base);
    const transfer = await page.evaluateHandle((data) => {
      const dropped = new DataTransfer();
      dropped.items.add(new File([Uint8Array.from(data)], '我的证书.cer'));
      return dropped;
    }, [...octets]);
    await page.locator('.holder').dispatchEvent('drop', { dataTransfer: transfer });
    assert.match(await (await waitForVerdict(page)).innerText(), /有效/);
    assert.ok(await page.getByText('我的证书.cer').first().isVisible());
  });

  test('pasted text is judged', async () => {
    const octets = Buffer.from(await (await fetch(`${base}/api/v1/examples/${exampleExpecting('valid')}`)).arrayBuffer());
    const text = octets[0] === 0x30 ? octets.toString('base64') : octets.toString();
    await page.goto(base);
    await page.getByTestId('file-input').waitFor({ state: 'attached' }); // the page is there to be pasted into
    await page.evaluate((pasted) => {
      const clipboardData = new DataTransfer();
      clipboardData.setData('text/plain', pasted);
      document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true }));
    }, text);
    assert.match(await (await waitForVerdict(page)).innerText(), /^\s*有效/);
  });

  test('a broken file is refused with a finding, not with an error page', async () => {
    await page.goto(base);
    await chooseFile(page, 'broken.cer', garbage);
    assert.doesNotMatch(await (await waitForVerdict(page)).innerText(), /^\s*有效/);
    assert.ok((await page.locator('[data-code]').count()) > 0);
  });

  test('an earlier validation time changes the verdict', async () => {
    const octets = await (await fetch(`${base}/api/v1/examples/${exampleExpecting('valid')}`)).arrayBuffer();
    await page.goto(base);
    await page.getByRole('button', { name: /^高级选项/ }).click();
    await page.getByLabel('验证时间（北京时间）').fill('2001-01-01 00:00:00');
    await page.keyboard.press('Enter');
    await chooseFile(page, 'good.cer', new Uint8Array(octets));
    const text = await (await waitForVerdict(page)).innerText();
    assert.match(text, /2001-01-01 00:00:00/);
    assert.doesNotMatch(text, /^\s*有效/);
  });

  test('a detached signature asks for its content and is judged with it', async () => {
    const detached = examples.find((example) => example.content);
    assert.ok(detached, 'the platform offers a detached signature');
    const read = async (name) => Buffer.from(await (await fetch(`${base}/api/v1/examples/${name}`)).arrayBuffer());
    await page.goto(base);
    await chooseFile(page, detached.name, await read(detached.name));
    assert.doesNotMatch(await (await waitForVerdict(page)).innerText(), /^\s*有效/);
    const before = page.url();
    const [chooser] = await Promise.all([page.waitForEvent('filechooser'), page.getByRole('button', { name: '选择原文并重新验证' }).click()]);
    await chooser.setFiles({ name: detached.content, mimeType: 'application/octet-stream', buffer: await read(detached.content) });
    await page.waitForURL((url) => url.href !== before);
    assert.match(await (await waitForVerdict(page)).innerText(), /^\s*有效/);
  });

  test('a file that is too large is refused with advice and a number', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'hutong-portal-'));
    try {
      const file = join(folder, 'large.bin');
      writeFileSync(file, '');
      truncateSync(file, kBeyondLimit);
      await page.goto(base);
      await page.getByTestId('file-input').setInputFiles(file);
      const alert = page.getByRole('alert').filter({ hasText: 'upload.too_large' });
      await alert.waitFor({ timeout: 60_000 });
      assert.match(await alert.innerText(), /文件太大.*报障编号 [0-9A-Z]{26}/s);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test('when the platform is gone the page says so and can try again', async () => {
    await page.goto(base);
    await page.locator('[data-example]').first().waitFor();
    await page.route('**/api/v1/validations', (route) => route.abort());
    await chooseFile(page, 'a.cer', garbage);
    const alert = page.getByRole('alert').filter({ hasText: '连接不到平台' });
    await alert.waitFor();
    assert.match(await alert.innerText(), /报障编号 L-\d{8}-\d{6}Z/);
    await page.unroute('**/api/v1/validations');
    await page.getByRole('button', { name: '重试' }).click();
    await waitForVerdict(page);
  });
});

describe('other pages', () => {
  test('the trust list shows number, fingerprint and services', async () => {
    const list = await (await fetch(`${base}/api/v1/trust-list`)).json();
    await page.goto(`${base}/trust-list`);
    await page.getByText(list.sm3).waitFor();
    assert.equal(await page.locator('tbody tr').count(), list.services.length);
  });

  test('an unknown report and an unknown page say what to do', async () => {
    await page.goto(`${base}/verify/01JAAAAAAAAAAAAAAAAAAAAAAA`);
    await page.getByRole('heading', { name: '没有找到这份报告' }).waitFor();
    assert.match(await page.getByRole('alert').innerText(), /报障编号/);
    await page.goto(`${base}/no/such/page`);
    await page.getByRole('heading', { name: '没有这个页面' }).waitFor();
  });
});

describe('the check-up', () => {
  test('is found on the start page and says what to do where no agent is', async () => {
    await page.addInitScript((address) => localStorage.setItem('hutong.agent', address), noAgent);
    await page.goto(base);
    await page.getByRole('link', { name: '开始环境检测' }).click();
    const result = page.getByTestId('check-up-result');
    await result.waitFor();
    assert.match(await result.innerText(), /发现问题\s+没有找到证书助手.*请安装证书助手.*检测编号\s+C-\d{8}-\d{6}-[0-9A-F]{4}/s);
    const [saved] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: '下载报告' }).click()]);
    const report = JSON.parse(readFileSync(await saved.path(), 'utf8'));
    assert.equal(report.result, 'bad');
    assert.deepEqual(report.groups.map(({ id }) => id), ['browser', 'agent']);
    assert.equal(report.groups[1].items[0].code, 'agent.not_installed');
  });

  test('looks for the agent where it is told, on this machine only', async () => {
    await checkUp();
    await page.getByRole('button', { name: /^证书助手地址/ }).click();
    await page.getByLabel('主机和端口').fill('agent.example:26381');
    await page.getByRole('button', { name: '保存并重新检测' }).click();
    await page.getByText('请输入 127.0.0.1:端口').waitFor();
    assert.equal(await page.evaluate(() => localStorage.getItem('hutong.agent')), noAgent);
  });
});

describe('for everyone', () => {
  test('language and text size are switched, set on the page and remembered', async () => {
    await page.goto(base);
    assert.equal(await page.locator('html').getAttribute('lang'), 'zh-CN');
    await page.getByRole('button', { name: '切换为英文' }).click();
    await page.getByRole('button', { name: 'Large text' }).click();
    await page.reload();
    await page.getByRole('heading', { name: 'Verification centre' }).waitFor();
    assert.equal(await page.locator('html').getAttribute('lang'), 'en');
    assert.equal(await page.evaluate(() => getComputedStyle(document.documentElement).fontSize), '20px');
  });

  test('the keyboard is enough: skip link, drop zone, example, card, tabs', async () => {
    await page.goto(base);
    await page.locator('[data-example]').first().waitFor();
    await page.keyboard.press('Tab');
    assert.equal(await page.evaluate(() => document.activeElement.textContent.trim()), '跳到主要内容');
    await page.getByRole('button', { name: /选择文件，或拖放到这里/ }).focus();
    await Promise.all([page.waitForEvent('filechooser'), page.keyboard.press('Enter')]);
    await page.locator(`[data-example="${exampleExpecting('valid')}"]`).focus();
    await page.keyboard.press('Enter');
    await waitForVerdict(page);
    await page.waitForFunction(() => document.activeElement?.tagName === 'H1');
    await page.locator('.chain .card').first().focus();
    await page.keyboard.press('Enter');
    await page.getByRole('tab', { name: '字段' }).focus();
    await page.keyboard.press('ArrowRight');
    assert.equal(await page.getByRole('tab', { name: '扩展项' }).getAttribute('aria-selected'), 'true');
  });

  test('no page scrolls sideways at 360 pixels, in normal and large text', async () => {
    await page.setViewportSize({ width: 360, height: 740 });
    for (const large of [false, true]) {
      await page.goto(base);
      if (large) await page.getByRole('button', { name: '大字版' }).click();
      for (const name of examples.map((example) => example.name)) {
        await verifyExample(name);
        assert.equal(await scrollsSideways(page), false, `${name}, large text: ${large}`);
      }
      await checkUp();
      assert.equal(await scrollsSideways(page), false, `/check-up, large text: ${large}`);
      for (const path of ['/', '/trust-list', '/sdk/index.html', '/sdk/sof.html', '/no/such/page']) {
        await page.goto(base + path);
        await page.locator('h1').waitFor();
        await page.waitForTimeout(300);
        assert.equal(await scrollsSideways(page), false, `${path}, large text: ${large}`);
      }
    }
  });

  test('no page has an accessibility violation (WCAG 2.2 AA, axe)', async () => {
    await page.goto(base);
    await page.locator('[data-example]').first().waitFor();
    await page.getByRole('button', { name: /^高级选项/ }).click();
    await page.waitForTimeout(500);
    assert.deepEqual(await accessibilityViolations(), [], 'start page');
    for (const example of examples) {
      await verifyExample(example.name);
      assert.deepEqual(await accessibilityViolations(), [], example.name);
    }
    await verifyExample(exampleExpecting('valid'));
    await page.locator('.chain .card').first().click();
    for (const tab of ['字段', '扩展项', '结构', '字节']) {
      await page.getByRole('tab', { name: tab }).click();
      await page.waitForTimeout(400);
      assert.deepEqual(await accessibilityViolations(), [], `certificate details: ${tab}`);
    }
    await page.goto(`${base}/trust-list`);
    await page.locator('table').waitFor();
    assert.deepEqual(await accessibilityViolations(), [], 'trust list');
    await checkUp();
    await page.getByRole('button', { name: /^证书助手地址/ }).click();
    await page.waitForTimeout(400);
    assert.deepEqual(await accessibilityViolations(), [], 'check-up');
    for (const name of ['index', 'sof']) {
      await page.goto(`${base}/sdk/${name}.html`);
      assert.deepEqual(await accessibilityViolations(), [], `sample page ${name}`);
    }
  });
});
