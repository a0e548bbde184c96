// Pictures of every important state, wide and phone-sized, in both languages, to be looked at:
//   HUTONG_URL=http://127.0.0.1:8080 node e2e/screenshots.mjs <folder>
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { chooseFile, fetchExamples, launchBrowser, platformUrl, useLanguage, waitForVerdict } from './browser.mjs';

const folder = process.argv[2];
if (!folder) throw new Error('usage: node e2e/screenshots.mjs <folder>');
mkdirSync(folder, { recursive: true });

const sizes = { wide: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } };
const base = platformUrl();
const examples = await fetchExamples();

function exampleLike(pattern) {
  const found = examples.find((example) => pattern.test(`${example.name} ${example.title_en}`));
  if (!found) throw new Error(`the platform offers no example like ${pattern}`);
  return found.name;
}

const judged = [
  ['good', exampleLike(/good/i)],
  ['revoked', exampleLike(/revoked/i)],
  ['forged', exampleLike(/forged/i)],
  ['signed', exampleLike(/signed (bid|message)/i)],
  ['crl', exampleLike(/\.crl|revocation list/i)],
];

async function shoot(page, name) {
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
}

async function shootJudged(page, prefix) {
  for (const [name, file] of judged) {
    await page.goto(base);
    await page.locator(`[data-example="${file}"]`).click();
    await waitForVerdict(page);
    await shoot(page, `${prefix}-${name}`);
    if (name === 'good') await shootDetails(page, prefix);
  }
}

async function shootDetails(page, prefix) {
  await page.emulateMedia({ media: 'print' });
  await shoot(page, `${prefix}-print`);
  await page.emulateMedia({ media: 'screen' });
  await page.locator('.chain .card').first().click();
  for (const [index, tab] of ['fields', 'extensions', 'structure', 'bytes'].entries()) {
    await page.getByRole('tab').nth(index).click();
    await page.waitForTimeout(500);
    await page.screenshot({ path: join(folder, `${prefix}-certificate-${tab}.png`) });
  }
}

async function shootBroken(page, prefix) {
  await page.goto(base);
  await chooseFile(page, 'holiday-photo.cer', [0x30, 0x82, 0xff, 0x01, ...Buffer.from('this is no certificate')]);
  await waitForVerdict(page);
  await shoot(page, `${prefix}-broken`);
}

async function shootStart(page, prefix) {
  await page.goto(base);
  await page.locator('[data-example]').first().waitFor();
  await shoot(page, `${prefix}-start`);
  await page.locator('.el-collapse-item__header').click();
  await page.waitForTimeout(500);
  await shoot(page, `${prefix}-options`);
  await page.goto(`${base}/trust-list`);
  await page.locator('table').waitFor();
  await shoot(page, `${prefix}-trust-list`);
}

async function shootLargeText(page, prefix) {
  await page.goto(base);
  await page.locator('[data-example]').first().waitFor();
  await page.locator('.preferences button').first().click();
  await shoot(page, `${prefix}-large-start`);
  await page.locator(`[data-example="${judged[1][1]}"]`).click();
  await waitForVerdict(page);
  await shoot(page, `${prefix}-large-revoked`);
}

const browser = await launchBrowser();
try {
  for (const [size, viewport] of Object.entries(sizes)) {
    for (const locale of ['zh', 'en']) {
      const context = await browser.newContext({ viewport });
      await useLanguage(context, locale);
      const page = await context.newPage();
      const prefix = `${size}-${locale}`;
      await shootStart(page, prefix);
      await shootJudged(page, prefix);
      await shootBroken(page, prefix);
      if (locale === 'zh') await shootLargeText(page, prefix);
      await context.close();
    }
  }
} finally {
  await browser.close();
}
console.log(`pictures in ${folder}`);
