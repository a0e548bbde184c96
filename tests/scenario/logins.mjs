// Writes examples/logins.json of a demonstration platform: who can log in where, with which key file and which password. Its start page shows it.
//   node logins.mjs REGION-FOLDER PLATFORM-URL [PROCUREMENT-PORT TRADING-PORT]
// The key files are those that lie in the region's folder: of the platform, of the vendors' CAs, of the key management centre.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';

const [region, url, ...business] = process.argv.slice(2);

/** By the name of the key file: in Chinese, in English, what this person can do. */
const people = {
  'system-administrator': ['系统管理员', 'System administrator', '任免安全管理员', 'appoints security administrators'],
  'security-administrator': ['安全管理员', 'Security administrator', '任免经办、复核人员', 'appoints those who work with vendors and lists'],
  'audit-administrator': ['审计管理员', 'Audit administrator', '任免审计员、查阅审计记录', 'appoints auditors, reads the log'],
  clerk: ['经办员', 'Clerk', '登记厂商、提请准入、编制信任列表', 'enters vendors, proposes accreditation and trust lists'],
  reviewer: ['复核员', 'Reviewer', '复核经办员提请的事项', 'releases what the clerk proposed'],
  auditor: ['审计员', 'Auditor', '查阅并验证审计记录', 'reads and verifies the log'],
  'super-administrator': ['超级管理员', 'Super administrator', '任免业务管理员', 'appoints business administrators'],
  'business-administrator': ['业务管理员', 'Business administrator', '任免业务操作员', 'appoints business operators'],
  'business-operator': ['业务操作员', 'Business operator', '管理密钥、办理恢复', 'keeps keys, opens recoveries'],
  'custodian-1': ['分量保管员一', 'Custodian 1', '批准密钥恢复', 'approves recoveries of keys'],
  'custodian-2': ['分量保管员二', 'Custodian 2', '批准密钥恢复', 'approves recoveries of keys'],
  'custodian-3': ['分量保管员三', 'Custodian 3', '批准密钥恢复', 'approves recoveries of keys'],
  超级管理员: ['超级管理员', 'Super administrator', '任免业务管理员', 'appoints business administrators'],
  审计管理员: ['审计管理员', 'Audit administrator', '任免审计员、查阅审计记录', 'appoints auditors, reads the log'],
  业务管理员: ['业务管理员', 'Business administrator', '任免业务操作员、管理模板', 'appoints operators, keeps templates'],
  录入员: ['录入员', 'Entry clerk', '录入业务单', 'enters orders'],
  审核员: ['审核员', 'Reviewer', '审核业务单', 'reviews orders'],
  制证员: ['制证员', 'Maker', '制证、交付', 'makes and delivers certificates'],
  审计员: ['审计员', 'Auditor', '查阅并验证审计记录', 'reads and verifies the log'],
};

function personOf(file) {
  const [zh, en, doesZh, doesEn] = people[basename(file, '.p12')];
  return { name_zh: zh, name_en: en, file: resolve(file), does_zh: doesZh, does_en: doesEn };
}

function placeOf(folder, titleZh, titleEn, address) {
  const names = readdirSync(join(folder, 'operators')).map((file) => basename(file, '.p12'));
  return {
    kind: 'program',
    title_zh: titleZh,
    title_en: titleEn,
    address: `${address}/login`,
    password: readFileSync(join(folder, 'password'), 'utf8').trim(),
    people: Object.keys(people).filter((name) => names.includes(name)).map((name) => personOf(join(folder, 'operators', `${name}.p12`))),
  };
}

const settingOf = (file, name) => new RegExp(`^${name} = "(.*)"$`, 'm').exec(readFileSync(file, 'utf8'))[1];
const places = [placeOf(region, '互认平台', 'Recognition platform', url)];
for (const name of readdirSync(region).filter((one) => one.startsWith('vendor-')).sort()) {
  const folder = join(region, name);
  const vendor = settingOf(join(folder, 'ca.toml'), 'vendor');
  places.push(placeOf(folder, `${vendor}（厂商）`, `Vendor ${name.slice(-1).toUpperCase()}`, settingOf(join(folder, 'ca.toml'), 'url')));
}
const kmc = join(region, 'kmc');
if (existsSync(kmc)) places.push(placeOf(kmc, '密钥管理中心', 'Key management centre', settingOf(join(kmc, 'kmc.toml'), 'audience')));

/** Business systems are logged in to with a key of a token, by its holder. */
const keys = {
  supplier: ['演示中小企业有限公司', 'A supplier', '供应商；演示CA甲签发，可以登录', 'supplier; by vendor A, gets in'],
  purchaser: ['演示采购单位', 'A purchaser', '采购人、供应商两种身份；演示CA乙签发，可以登录', 'purchaser and supplier; by vendor B, gets in'],
  revoked: ['演示已吊销证书单位', 'Revoked', '不能登录：证书已吊销', 'is refused: revoked'],
  'on-hold': ['演示已冻结证书单位', 'Suspended', '不能登录：证书已冻结', 'is refused: on hold'],
  expired: ['演示已过期证书单位', 'Expired', '不能登录：证书已过期', 'is refused: expired'],
  unaccredited: ['演示未互认厂商用户', 'Not accredited', '不能登录：厂商未准入', 'is refused: its vendor is not accredited'],
  unknown: ['演示来历不明用户', 'Unknown', '不能登录：没有人知道是谁签发的', 'is refused: nobody knows who issued it'],
};
const titles = [['政府采购系统', 'Procurement system'], ['公共资源交易系统', 'Trading system']];
for (const [number, port] of business.entries()) {
  const holders = Object.entries(keys).map(([file, [zh, en, doesZh, doesEn]]) => ({ name_zh: zh, name_en: en, file, does_zh: doesZh, does_en: doesEn }));
  places.push({ kind: 'business_system', title_zh: titles[number][0], title_en: titles[number][1], address: `http://127.0.0.1:${port}/`, password: '12345678',
    people: number === 0 ? holders : [] });
}
writeFileSync(join(region, 'examples', 'logins.json'), `${JSON.stringify(places, null, 1)}\n`);
