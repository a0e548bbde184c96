// What the console's end-to-end tests and screenshots share.

/** Logs in on the login page with a key file's octets; the console's first page is there afterwards. */
export async function logIn(page, base, keyFile, password) {
  await page.goto(`${base}/login`);
  await page.locator('input[type=file]').setInputFiles({ name: 'operator.p12', mimeType: 'application/x-pkcs12', buffer: Buffer.from(keyFile) });
  await page.locator('input[type=password]').fill(password);
  await page.locator('form button[type=submit]').click();
  await page.waitForURL(`${base}/console`);
}
