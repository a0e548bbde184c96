// What the end-to-end tests and the screenshots share: the browser and the address of the platform.
import { chromium } from 'playwright-core';

/** A running hutong-platform, for example http://127.0.0.1:8080. */
export function platformUrl() {
  const url = process.env.HUTONG_URL;
  if (!url) throw new Error('set HUTONG_URL to the address of a running hutong-platform');
  return url.replace(/\/$/, '');
}

export function launchBrowser() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

export async function fetchExamples() {
  const response = await fetch(`${platformUrl()}/api/v1/examples`);
  if (!response.ok) throw new Error(`examples: HTTP ${response.status}`);
  return response.json();
}

/** Sets the language as a returning visitor has it. */
export async function useLanguage(context, locale) {
  await context.addInitScript((value) => {
    if (!localStorage.getItem('hutong.locale')) localStorage.setItem('hutong.locale', value);
  }, locale);
}

export async function chooseFile(page, name, octets) {
  await page.getByTestId('file-input').setInputFiles({ name, mimeType: 'application/octet-stream', buffer: Buffer.from(octets) });
}

export async function waitForVerdict(page) {
  const verdict = page.getByTestId('verdict');
  await verdict.waitFor({ timeout: 20_000 });
  return verdict;
}

/** True when the page can be scrolled sideways. */
export function scrollsSideways(page) {
  return page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);
}
