// End-to-end: the operators' pages as a running hutong-platform serves them, by the operators of tests/scenario/accreditation.mjs.
//   HUTONG_URL=http://127.0.0.1:8080 HUTONG_PLATFORM_OPERATORS=folder HUTONG_PLATFORM_PASSWORD=… npm run test:e2e:platform
// With HUTONG_SCREENSHOTS=folder every page is pictured, wide and as on a phone.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { platformUrl } from './browser.mjs';
import { logIn } from './console.mjs';
import { Operator } from '../../../tests/scenario/support.mjs';
import { accessibilityViolations, freshPages, page } from './pages.mjs';

const base = platformUrl();
const folder = process.env.HUTONG_PLATFORM_OPERATORS;
if (!folder) throw new Error('set HUTONG_PLATFORM_OPERATORS to the folder of the key files of its operators');
const password = process.env.HUTONG_PLATFORM_PASSWORD ?? '';
const pictures = process.env.HUTONG_SCREENSHOTS;

freshPages();

const become = (name) => logIn(page, base, readFileSync(join(folder, `${name}.p12`)), password);

const kSizes = [['wide', { width: 1280, height: 900 }], ['phone', { width: 390, height: 844 }]];

/** Nothing that assistive technology trips over, wide and on a phone, and nothing that sticks out; pictures of it in both languages, unless
    a dialog stands before the switch. */
async function looksRight(name) {
  const inDialog = (await page.locator('dialog[open]').count()) > 0;
  for (const language of pictures && !inDialog ? ['zh', 'en'] : ['zh']) {
    for (const [size, viewport] of kSizes) {
      await page.setViewportSize(viewport);
      if (pictures) await page.screenshot({ path: join(pictures, `platform-${name}-${language}-${size}.png`), fullPage: true });
      const width = await page.evaluate(() => document.documentElement.scrollWidth);
      assert.ok(width <= viewport.width, `${name} is ${width} wide on ${viewport.width}`);
      assert.deepEqual(await accessibilityViolations(), [], name);
    }
    if (pictures && !inDialog) await page.locator('.preferences button').last().click();
  }
  await page.setViewportSize(kSizes[0][1]);
}

async function confirm(reason) {
  const dialog = page.locator('dialog[open]');
  await dialog.locator('textarea').fill(reason);
  if (pictures) await page.screenshot({ path: join(pictures, 'platform-dialog.png') });
  await dialog.locator('button[type=submit]').click();
  await dialog.waitFor({ state: 'hidden' });
}

async function upload(kind, count) {
  await page.locator('select[name=kind]').selectOption(kind);
  await page.locator('input[type=file]').setInputFiles({ name: `${kind}.pdf`, mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.7') });
  await page.getByRole('button', { name: '上传材料' }).click();
  await page.locator(`[data-testid=documents] li:nth-child(${count})`).waitFor();
}

async function take(step, state) {
  await page.locator(`[data-testid=step-${step}]`).click();
  await confirm('材料齐全');
  if (state) await page.locator('[data-testid=state]', { hasText: state }).waitFor();
}

const kName = '演示厂商甲有限公司';

const menu = (name) => page.getByRole('navigation', { name: '功能菜单' }).getByRole('link', { name, exact: true });
const openVendor = async () => {
  await menu('厂商准入').click();
  await page.getByRole('link', { name: kName }).click();
  await page.locator('[data-testid=state]').waitFor();
};

test('the start page tells a newcomer who can log in with what, and leads to the login', async () => {
  await page.goto(base);
  await page.getByTestId('demonstration').waitFor();
  await looksRight('start');
  await page.getByRole('link', { name: '查看登录指引' }).click();
  await page.getByRole('cell', { name: join(folder, 'clerk.p12') }).waitFor();
  assert.ok(await page.getByText(password, { exact: true }).first().isVisible());
  await looksRight('demonstration');
  await page.getByRole('link', { name: `${base}/login` }).click();
  await page.getByText('互认平台 · 运营管理').waitFor();
  await looksRight('login');
  await page.goto(base);
  await page.getByRole('link', { name: '运营人员登录' }).click();
  await page.waitForURL(`${base}/login`);
});

test('a clerk enters a vendor and brings it to the proposal of its accreditation', async () => {
  await become('clerk');
  await page.getByText('没有符合条件的厂商。').waitFor();
  await page.getByRole('link', { name: '登记申请' }).click();
  await page.getByRole('button', { name: '登记' }).click();
  assert.equal(await page.locator('[aria-invalid=true]').count(), 9, 'what is missing is said beside each field');
  const entry = {
    name_zh: kName, name_en: 'Vendor A', uscc: '91350100M000100Y43', address: 'http://127.0.0.1:1', hotline: '0471-0000000',
    contact: '张三', telephone: '0471-0000001', licence: 'ECP-1', valid_until: '2035-12-31' };
  for (const [name, value] of Object.entries(entry)) await page.locator(`input[name=${name}]`).fill(value);
  await page.locator('input[type=file]').first().setInputFiles(join(folder, 'authority.cer'));
  await page.getByTestId('add-fees').click();
  await page.locator('select[name=fees-role]').selectOption('supplier');
  await page.locator('input[name=fees-year]').fill('120');
  await page.locator('input[name=fees-token]').fill('60.5');
  await page.getByTestId('add-drivers').click();
  for (const [name, value] of Object.entries({ name: '演示驱动', version: '1.0', system: 'Windows 10' })) await page.locator(`input[name=drivers-${name}]`).fill(value);
  await page.getByTestId('add-counters').click();
  await page.locator('input[name=counters-address]').fill('新华大街1号');
  await page.getByRole('button', { name: '登记' }).click();
  assert.equal(await page.locator('[aria-invalid=true]').count(), 1, 'a counter is in a league');
  await page.locator('select[name=counters-region]').selectOption('150100');
  await page.locator('input[name=issue_hours]').fill('48');
  await looksRight('vendor-entry');
  await page.getByRole('button', { name: '登记' }).click();
  await page.locator('[data-testid=state]', { hasText: '已申请' }).waitFor();
  for (const fact of ['供应商：证书每年 120.00 元，介质 60.50 元', '演示驱动 1.0 Windows 10', '呼和浩特市 新华大街1号', '48 小时内']) await page.getByText(fact).waitFor();
  await page.getByRole('link', { name: '修改申请' }).click();
  await page.locator('input[name=contact]').fill('李四');
  await page.getByRole('button', { name: '保存' }).click();
  await page.getByText('李四 0471-0000001').waitFor();
  await upload('licence', 1);
  await take('documents_checked', '资料已审查');
  await upload('joint_test_report', 2);
  await take('joint_test_passed', '联调已通过');
  await upload('peer_attestation', 3);
  await take('accredited');
  await page.getByText('这是您提出的，须由他人复核。').waitFor();
  assert.equal(await page.locator('[data-testid=release]').count(), 0);
  await looksRight('vendor');
});

test('the reviewer releases it', async () => {
  await become('reviewer');
  await page.getByRole('link', { name: kName }).waitFor();
  await page.locator('input[name=waiting]').check();
  await page.getByTestId('waits').waitFor();
  await looksRight('vendors');
  await page.getByRole('link', { name: kName }).click();
  await page.locator('[data-testid=release]').click();
  await confirm('已核对');
  await page.locator('[data-testid=state]', { hasText: '已准入' }).waitFor();
});

test('the trust list shows the difference, is proposed by one and released by another', async () => {
  await become('clerk');
  await menu('信任列表').click();
  await page.getByRole('cell', { name: '新增', exact: true }).waitFor();
  await looksRight('trust-draft');
  await page.locator('[data-testid=propose]').click();
  await confirm('新增厂商');
  await page.getByText('这是您提出的，须由他人复核。').waitFor();
  await page.locator('[data-testid=logout]').click();
  await become('reviewer');
  await menu('信任列表').click();
  await page.locator('[data-testid=release]').click();
  await confirm('已核对');
  await page.getByText('与现行列表没有差别。').waitFor();
  const list = await (await fetch(`${base}/api/v1/trust-list`)).json();
  assert.ok(list.services.some((service) => service.vendor_zh === kName), 'the list in force names the vendor');
});

test('a change of an accredited vendor waits for a second person, who sees what differs', async () => {
  await become('clerk');
  await openVendor();
  await page.getByRole('link', { name: '提请变更资料' }).click();
  await page.locator('input[name=hotline]').fill('400-000-0000');
  await page.locator('input[name=reason]').fill('热线变更');
  await looksRight('vendor-change');
  await page.getByRole('button', { name: '提请变更资料' }).click();
  await page.getByText('这是您提出的，须由他人复核。').waitFor();
  await become('reviewer');
  await openVendor();
  const row = page.getByTestId('waiting').locator('tbody tr');
  assert.equal(await row.count(), 1, 'only the hot-line differs');
  assert.match(await row.innerText(), /0471-0000000[^]*400-000-0000/);
  await looksRight('vendor-decision');
  await page.locator('[data-testid=release]').click();
  await confirm('已核对');
  await page.getByTestId('waiting').waitFor({ state: 'detached' });
  await page.getByText('400-000-0000').waitFor();
  await page.getByTestId('commitments').click(); // nobody is at its address
  await page.getByText('厂商的接口没有应答。请稍后重试，或联系厂商。').waitFor();
});

test('whether a vendor answers is checked, and what came of it is kept', async () => {
  await become('clerk');
  await openVendor();
  await page.getByText('还没有检查过。').waitFor();
  await page.getByTestId('check-connector').click();
  await page.getByTestId('connector-outcome').filter({ hasText: '没有应答' }).waitFor();
  await looksRight('vendor-connector');
  await become('auditor');
  await openVendor();
  await page.getByTestId('connector-outcome').filter({ hasText: '没有应答' }).waitFor();
  assert.equal(await page.getByTestId('check-connector').count(), 0);
});

test('a vendor is suspended by one person and at once; the next list says so; to resume takes two', async () => {
  await become('clerk');
  await openVendor();
  await page.locator('[data-testid=step-suspended]').click();
  await confirm('投诉查证中');
  await page.locator('[data-testid=state]', { hasText: '已暂停' }).waitFor();
  await page.getByRole('button', { name: '提请恢复' }).waitFor();
  await looksRight('vendor-suspended');
  await menu('信任列表').click();
  await page.getByRole('cell', { name: '状态变更', exact: true }).first().waitFor();
  await page.locator('tr', { hasText: '状态变更' }).first().getByText('暂停', { exact: true }).waitFor();
  await openVendor();
  await page.getByRole('button', { name: '提请恢复' }).click();
  await confirm('查证完毕');
  await page.getByText('这是您提出的，须由他人复核。').waitFor();
  await become('reviewer');
  await openVendor();
  await page.locator('[data-testid=reject]').click();
  await confirm('材料不足');
  await page.locator('[data-testid=state]', { hasText: '已暂停' }).waitFor();
  await page.getByText('已驳回').waitFor();
});

test('a business system is registered by one, whose secret is shown once, released by another, and ended', async () => {
  await become('clerk');
  await menu('业务系统').click();
  await page.getByTestId('add-system').click();
  const dialog = page.locator('dialog[open]');
  await dialog.locator('button[type=submit]').click();
  assert.equal(await dialog.locator('[aria-invalid=true]').count(), 3, 'what is missing is said beside each field');
  const entry = { 'input[name=name_zh]': '采购平台', 'input[name=name_en]': 'Procurement', 'textarea[name=redirect]': 'http://mall.example/callback' };
  for (const [field, value] of Object.entries(entry)) await dialog.locator(field).fill(value);
  await dialog.locator('button[type=submit]').click();
  await dialog.getByRole('alert').waitFor(); // not https
  await dialog.locator('textarea[name=redirect]').fill('https://mall.example/callback\nhttps://mall.example/again');
  await looksRight('system-entry');
  await dialog.locator('button[type=submit]').click();
  assert.match(await page.getByTestId('client-secret').innerText(), /^[\w-]{43}$/);
  await page.getByText('这是您提出的，须由他人复核。').waitFor();
  await become('reviewer');
  await menu('业务系统').click();
  assert.equal(await page.getByTestId('client-secret').count(), 0);
  await page.locator('[data-testid=release]').click();
  await confirm('已核对');
  await page.locator('td', { hasText: '启用' }).waitFor();
  await looksRight('systems');
});

test('a business system is suspended by one, gets a new secret and is resumed by two, and is ended by one', async () => {
  await become('clerk');
  await menu('业务系统').click();
  await page.locator('[data-testid=suspend]').click();
  await looksRight('system-suspension');
  await confirm('密钥可能泄露');
  await page.locator('td', { hasText: '已暂停' }).waitFor();
  await page.locator('td', { hasText: '密钥可能泄露' }).waitFor();
  await page.locator('[data-testid=secret]').click();
  await confirm('更换');
  assert.match(await page.locator('[data-testid=client-secret]').innerText(), /^[\w-]{43}$/);
  await page.getByText('更换密钥，待复核').waitFor();
  await looksRight('system-step');
  await become('reviewer');
  await menu('业务系统').click();
  await page.locator('[data-testid=release]').click();
  await confirm('业务系统已填好');
  await page.getByText('更换密钥，待复核').waitFor({ state: 'detached' });
  await become('clerk');
  await menu('业务系统').click();
  await page.locator('[data-testid=resumption]').click();
  await confirm('查证完毕');
  await page.getByText('这是您提出的，须由他人复核。').waitFor();
  await become('reviewer');
  await menu('业务系统').click();
  await page.locator('[data-testid=release]').click();
  await confirm('同意');
  await page.locator('td', { hasText: '启用' }).waitFor();
  await become('clerk');
  await menu('业务系统').click();
  await page.locator('[data-testid=retire]').click();
  await confirm('系统下线');
  await page.locator('td', { hasText: '已停用' }).waitFor();
});

test('a subject gets its roles and its region; the number of a person is masked', async () => {
  const clerk = await Operator.logIn(base, dirname(folder), 'clerk');
  await clerk.post('/subjects', { kind: 'organisation', number: '91350100M000100Y43', name: '演示供应商', roles: [] });
  await clerk.post('/subjects', { kind: 'person', number: '11010519491231002X', name: '演示专家', roles: ['expert'] });
  await become('clerk');
  await menu('主体').click();
  await page.getByText('91350100M000100Y43').waitFor();
  assert.equal(await page.getByText('11010519491231002X').count(), 0);
  await page.locator('tr', { hasText: '演示供应商' }).locator('[data-testid=change]').click();
  const dialog = page.locator('dialog[open]');
  await dialog.getByLabel('供应商', { exact: true }).check();
  await dialog.locator('select[name=region]').selectOption('150100');
  await dialog.locator('input[name=reason]').fill('申报材料');
  await looksRight('subject-change');
  await dialog.locator('button[type=submit]').click();
  await dialog.waitFor({ state: 'hidden' });
  assert.match(await page.locator('tr', { hasText: '演示供应商' }).innerText(), /供应商[^]*呼和浩特市/);
  await looksRight('subjects');
  await page.locator('.filters select').first().selectOption('person');
  await page.getByText('91350100M000100Y43').waitFor({ state: 'detached' });
  await page.getByText('演示专家').waitFor();
  await page.locator('.filters select').first().selectOption('');
  const rows = page.locator('tbody tr');
  const search = () => page.getByRole('button', { name: '查询' }).click();
  await page.locator('input[name=name-part]').fill('供应');
  await search();
  await page.getByText('演示专家').waitFor({ state: 'detached' });
  assert.match(await rows.innerText(), /演示供应商/);
  await page.locator('input[name=whole-number]').fill('110105 19491231 002x');
  await search();
  await page.getByText('演示专家').waitFor();
  assert.equal(await rows.count(), 1, 'a whole number finds whose it is, whatever the other fields say');
  assert.equal(await page.evaluate(() => performance.getEntriesByType('resource').some((one) => one.name.includes('11010519491231002'))), false, 'numbers go into no address');
  await page.locator('input[name=whole-number]').fill('11010519491231002');
  await page.getByText('不是有效的信用代码或身份号码').waitFor();
  await looksRight('subjects-search');
});

test('an auditor reads who decided what, finds the log whole, and looks at vendors only', async () => {
  await become('auditor');
  await menu('审计').click();
  await page.getByRole('button', { name: '立即验证' }).click();
  await page.getByTestId('verification').waitFor();
  assert.match(await page.getByTestId('verification').innerText(), /完整/);
  await page.getByRole('cell', { name: '复核信任列表' }).first().waitFor();
  await looksRight('audit');
  await openVendor();
  assert.equal(await page.locator('[data-testid^=step-]').count(), 0);
});

test('the security administrator sees the operators and their rights', async () => {
  await become('security-administrator');
  await menu('操作员管理').click();
  await page.getByRole('link', { name: '经办员' }).waitFor();
  await looksRight('operators');
  await page.getByRole('link', { name: '经办员' }).click();
  await page.getByRole('heading', { name: '变更姓名与权限' }).waitFor();
  const right = (name) => page.locator('label.check', { hasText: name });
  await right('编制信任列表').waitFor();
  await page.locator('select[name=region]').selectOption('150100');
  await right('编制信任列表').waitFor({ state: 'detached' });
  await right('登记厂商、办理准入').waitFor();
  await looksRight('operator');
});
