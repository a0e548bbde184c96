// Pictures of the check-up page and of the SDK's sample pages, in both languages, wide and phone-sized, with a stand-in for the agent:
//   HUTONG_URL=http://127.0.0.1:8080 node e2e/check-up-screenshots.mjs <folder>
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { mockAgent, scenes } from '../dev/mock-agent.mjs';
import { fetchExamples, launchBrowser, platformUrl, scrollsSideways, useLanguage } from './browser.mjs';

const folder = process.argv[2];
if (!folder) throw new Error('usage: node e2e/check-up-screenshots.mjs <folder>');
mkdirSync(folder, { recursive: true });

const base = platformUrl();
const sizes = { wide: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } };
const good = (await fetchExamples()).find(({ expected, name }) => expected === 'valid' && name.endsWith('.cer'));
const octets = Buffer.from(await (await fetch(`${base}/api/v1/examples/${encodeURIComponent(good.name)}`)).arrayBuffer());
const { well, ill } = scenes(octets[0] === 0x30 ? octets.toString('base64') : octets.toString().replace(/-----[^-]+-----|\s/g, ''));

const browser = await launchBrowser();

async function shoot(page, name) {
  if (await scrollsSideways(page)) console.log(`scrolls sideways: ${name}`);
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
}

async function withPage(viewport, locale, scene, work) {
  const context = await browser.newContext({ viewport });
  await useLanguage(context, locale);
  const page = await context.newPage();
  await page.addInitScript(() => localStorage.getItem('hutong.agent') ?? localStorage.setItem('hutong.agent', '127.0.0.1:26399'));
  if (scene) await mockAgent(page, scene);
  await work(page);
  await context.close();
}

async function checkUp(page) {
  await page.goto(`${base}/check-up`);
  await page.getByTestId('check-up-result').waitFor();
}

try {
  for (const [size, viewport] of Object.entries(sizes)) {
    for (const locale of ['zh', 'en']) {
      const prefix = `${size}-${locale}`;
      await withPage(viewport, locale, well, async (page) => {
        await checkUp(page);
        await page.locator('[data-code="trust.valid"]').first().waitFor();
        await page.getByRole('button', { name: /开始试用|Start the trial/ }).click();
        await page.locator('[data-code="trial.opened"]').waitFor();
        await shoot(page, `${prefix}-well`);
        await page.emulateMedia({ media: 'print' });
        await shoot(page, `${prefix}-print`);
      });
      await withPage(viewport, locale, ill, async (page) => {
        await checkUp(page);
        await page.locator('summary').first().click();
        await shoot(page, `${prefix}-ill`);
        for (const name of ['index', 'sof']) {
          await page.goto(`${base}/sdk/${name}.html`);
          await page.locator(name === 'sof' ? '#users' : '#connect').click();
          await page.waitForTimeout(300);
          await shoot(page, `${prefix}-sdk-${name}`);
        }
      });
      await withPage(viewport, locale, null, async (page) => {
        await checkUp(page);
        await page.locator('.el-collapse-item__header').click();
        await page.waitForTimeout(400);
        await shoot(page, `${prefix}-no-agent`);
        await page.goto(base);
        await page.locator('[data-example]').first().waitFor();
        await shoot(page, `${prefix}-start`);
      });
    }
  }
} finally {
  await browser.close();
}
console.log(`pictures in ${folder}`);
