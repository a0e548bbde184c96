// Pictures of every console page, wide and phone-sized, in both languages, to be looked at. Against a running program with a key
// file, or against the fixture server:
//   HUTONG_URL=http://127.0.0.1:8098 HUTONG_KEY_FILE=op.p12 HUTONG_KEY_PASSWORD=… node e2e/console-screenshots.mjs <folder>
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { launchBrowser, platformUrl, useLanguage } from './browser.mjs';
import { logIn } from './console.mjs';

const folder = process.argv[2];
if (!folder) throw new Error('usage: node e2e/console-screenshots.mjs <folder>');
mkdirSync(folder, { recursive: true });
const base = platformUrl();
const { program } = await (await fetch(`${base}/api/v1/system`)).json();
const keyFile = readFileSync(process.env.HUTONG_KEY_FILE);
const password = process.env.HUTONG_KEY_PASSWORD ?? '';
const sizes = { wide: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } };

const publicPages = program === 'hutong-ca' ? { start: '/', apply: '/apply', progress: '/progress', find: '/find' } : {};
/** Pages inside, reached without loading anew: the session lives in the page. `first` opens the first entry of the list. */
const inside =
  program === 'hutong-ca'
    ? {
        overview: '/console',
        orders: '/console/orders',
        order: '/console/orders first',
        entry: '/console/orders/new',
        import: '/console/imports',
        certificates: '/console/certificates',
        certificate: '/console/certificates first',
        templates: '/console/templates',
        template: '/console/templates first',
      }
    : {
        dashboard: '/console',
        keys: '/console/keys',
        authorities: '/console/authorities',
        recoveries: '/console/recoveries',
        recovery: '/console/recoveries first',
        'recovery-new': '/console/recoveries/new',
        officers: '/console/officers',
      };
Object.assign(inside, { operators: '/console/operators', operator: '/console/operators first', clients: '/console/clients', audit: '/console/audit', record: '/console/audit first' });

/** Moves inside the application, as a click on a link does. */
const goInside = (page, path) =>
  page.evaluate((to) => {
    history.pushState({ ...history.state, position: (history.state?.position ?? 0) + 1 }, '', to);
    dispatchEvent(new PopStateEvent('popstate', { state: history.state }));
  }, path);

async function shoot(page, name) {
  await page.waitForTimeout(600);
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
}

const browser = await launchBrowser();
try {
  for (const [size, viewport] of Object.entries(sizes)) {
    for (const locale of ['zh', 'en']) {
      const context = await browser.newContext({ viewport });
      await useLanguage(context, locale);
      const page = await context.newPage();
      page.on('pageerror', (error) => console.log(`${size} ${locale}: ${error.message}`));
      page.on('console', (message) => message.type() === 'warning' && console.log(message.text().slice(0, 300)));
      for (const [name, path] of Object.entries(publicPages)) {
        await page.goto(base + path);
        await shoot(page, `${size}-${locale}-${name}`);
      }
      await page.goto(`${base}/login`);
      await shoot(page, `${size}-${locale}-login`);
      await logIn(page, base, keyFile, password);
      for (const [name, where] of Object.entries(inside)) {
        const [path, first] = where.split(' ');
        await goInside(page, path);
        await page.waitForTimeout(400);
        if (first) {
          const link = page.locator('main tbody a').first();
          if (!(await link.count())) continue;
          await link.click();
        }
        await shoot(page, `${size}-${locale}-${name}`);
        if (name === 'order') {
          await goInside(page, `${new URL(page.url()).pathname}/print`);
          await page.waitForTimeout(400);
          for (const sheet of [0, 1, 2]) {
            await page.locator('[role=group] button').nth(sheet).click();
            await shoot(page, `${size}-${locale}-print-${sheet}`);
          }
        }
      }
      await context.close();
    }
  }
} finally {
  await browser.close();
}
console.log(`pictures in ${folder}`);
