// A browser for all tests of a file and a fresh page for each; whatever the page complains about fails its test.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, afterEach, before, beforeEach } from 'node:test';
import { launchBrowser, useLanguage } from './browser.mjs';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Those of the test that runs. */
export let browser;
export let context;
export let page;
let complaints = [];

/** `options`: of the browser's context; `prepare(context)` before the page opens; `mayAsk(url)`: which addresses a page may ask. */
export function freshPages({ options = {}, prepare = (made) => useLanguage(made, 'zh'), mayAsk = () => true } = {}) {
  before(async () => {
    browser = await launchBrowser();
  });
  after(() => browser?.close());
  beforeEach(async () => {
    context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
    await prepare(context);
    page = await context.newPage();
    complaints = [];
    page.on('pageerror', (error) => complaints.push(`page: ${error.message}`));
    page.on('request', (request) => {
      if (!mayAsk(request.url())) complaints.push(`left its server: ${request.url()}`);
    });
    page.on('console', (message) => {
      if (/Content Security Policy|Refused to/.test(message.text())) complaints.push(`console: ${message.text()}`);
    });
  });
  afterEach(async () => {
    await context.close();
    assert.deepEqual(complaints, []);
  });
}

/** What assistive technology trips over on the page as it is. */
export async function accessibilityViolations() {
  await page.evaluate(axeSource);
  const result = await page.evaluate(() => globalThis.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] }));
  return result.violations.map((violation) => `${violation.id}: ${violation.nodes.map((node) => node.target.join(' ')).join(', ')}`);
}
