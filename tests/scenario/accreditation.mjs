// The operators of a new demonstration platform are appointed, then accredit the vendors of these running CAs and release the trust list: one line
// a step with its time, exit 1 when a step fails.
//   node accreditation.mjs HUTONG-PROGRAM PLATFORM-URL REGION-FOLDER CA-FOLDER…
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { carrierOf, eventually, expect, finish, Operator, portal, run, stepsOf } from './support.mjs';
import { requestOf, Vendor } from './vendor.mjs';

const [hutong, url, folder, ...cas] = process.argv.slice(2);
const step = stepsOf('platform');
const logIn = (name) => Operator.logIn(url, folder, name);
const base64 = (file) => readFileSync(file).toString('base64');

/** Refused with this code. */
async function refused(code, request) {
  try {
    await request();
  } catch (error) {
    expect(error.problem?.code === code, error.message);
    return code;
  }
  throw new Error(`not refused with ${code}`);
}

const addressOf = (ca) => /^url = "(.*)"$/m.exec(readFileSync(join(ca, 'ca.toml'), 'utf8'))[1];
/** The files that a CA publishes: its own certificates, the list of its root, and the path of the list of its issuing CA. */
function publishedBy(ca) {
  const published = join(ca, 'published');
  const issuing = readdirSync(join(published, 'ca')).find((file) => file.endsWith('.cer'));
  const [id] = readdirSync(join(published, 'crl'));
  return { root: join(published, 'pki', 'root.cer'), list: join(published, 'pki', 'root.crl'), issuing: join(published, 'ca', issuing), issuingList: `/crl/${id}/0.crl` };
}

/** What the clerk enters about the vendor of a CA: its names, its promises, the certificates that it publishes. */
function contentOf(ca, number) {
  const name = /^vendor = "(.*)"$/m.exec(readFileSync(join(ca, 'ca.toml'), 'utf8'))[1];
  const address = addressOf(ca);
  const { root, issuing, issuingList } = publishedBy(ca);
  return {
    name_zh: `${name}有限公司`, name_en: `Demonstration vendor ${'AB'[number]}`,
    uscc: ['91150100MA0DEMX12Q', '91150100MA0DEMX13U'][number], first_batch: number === 0,
    connector: { kind: 'rest', address },
    commitments: { issue_hours: 24, hotline: '0471-0000000', replacement_hours: 48, online_address: `${address}/apply` },
    contacts: [{ name: '张三', telephone: '0471-0000000', position: '项目经理' }],
    licences: [{ kind: '电子认证服务许可证', number: `ECP-${number + 1}`, valid_until: '2035-12-31' }],
    fees: [{ role: 'supplier', certificate_fen_per_year: 20000, token_fen: 5000 }],
    drivers: [{ name: '互通软件介质', version: '1.0', system: 'Linux x86-64' }],
    counters: [{ region: '150100', address: '呼和浩特市演示路 1 号' }],
    services: [
      { kind: 'root', name_zh: `${name}根证书`, name_en: 'Root', certificate: base64(root), revocation_addresses: [`${address}/pki/root.crl`] },
      { kind: 'ca', name_zh: `${name}签发中心`, name_en: 'Issuing CA', certificate: base64(issuing), revocation_addresses: [address + issuingList] },
    ],
  };
}

/** The joint test with a running CA: what was tried, and what came out. */
async function jointTest(ca) {
  const { root, list, issuing } = publishedBy(ca);
  const said = (...words) => JSON.parse(run(hutong, [...words, '--json'], { codes: [0, 1] })).indication;
  const answers = async (path) => (await fetch(addressOf(ca) + path)).status === 200;
  return {
    vendor: addressOf(ca),
    tried_at: new Date().toISOString(),
    results: [
      { tried: 'the root keeps to GM/T 0015', passed: said('cert', 'lint', root) === 'valid' },
      { tried: 'the issuing certificate keeps to GM/T 0015', passed: said('cert', 'lint', issuing) === 'valid' },
      { tried: 'the issuing certificate is valid by the root and its list', passed: said('cert', 'verify', issuing, '--anchor', root, '--crl', list) === 'valid' },
      { tried: 'it says who it is', passed: await answers('/api/v1/system') },
      { tried: 'it hands out its root and its list', passed: await answers('/pki/root.cer') && await answers('/pki/root.crl') },
    ],
  };
}

await step('the three powers appoint clerk, reviewer and auditor', async () => {
  const add = async (by, name, display, role, rights) => {
    const { certificate } = await carrierOf(folder, name);
    await by.post('/operators', { display_name: display, role, rights, certificate: portal.bytesToBase64(certificate) });
  };
  const security = await logIn('security-administrator');
  await add(security, 'clerk', '经办员', 'business_operator', ['vendor.manage', 'trust.manage', 'system.manage', 'subject.manage']);
  await add(security, 'reviewer', '复核员', 'business_operator', ['vendor.release', 'trust.release', 'system.release']);
  const audit = await logIn('audit-administrator');
  await add(audit, 'auditor', '审计员', 'auditor', ['audit.read', 'audit.verify', 'audit.mark']);
});

const clerk = await logIn('clerk');
const reviewer = await logIn('reviewer');
const decide = (path, id) => reviewer.post(`${path}/${id}/decision`, { decision: 'release', reason: '已核对' });

/** The report as the clerk reads it before the joint test counts as passed. */
async function readReport(vendor, document) {
  const { results } = await clerk.get(`/vendors/${vendor.id}/documents/${document.id}`);
  expect(results.every((one) => one.passed), JSON.stringify(results));
}

async function accredit(ca, number) {
  const vendor = await clerk.post('/vendors', contentOf(ca, number));
  const upload = (kind, content) =>
    clerk.post(`/vendors/${vendor.id}/documents`, { kind, file_name: `${kind}.json`, content: Buffer.from(JSON.stringify(content)).toString('base64') });
  const take = async (to) => {
    const { version } = await clerk.get(`/vendors/${vendor.id}`);
    return clerk.post(`/vendors/${vendor.id}/steps`, { to, version, reason: '材料齐全' });
  };
  await refused('vendor.document_missing', () => take('documents_checked'));
  await upload('licence', vendor.licences);
  await take('documents_checked');
  await readReport(vendor, await upload('joint_test_report', await jointTest(ca)));
  await take('joint_test_passed');
  if (vendor.first_batch) {
    await refused('vendor.document_missing', () => take('accredited'));
    await upload('peer_attestation', { vendor: vendor.uscc, connected: true });
  }
  const proposed = await take('accredited');
  expect(proposed.state === 'open', proposed.state);
  await refused('right.missing', () => clerk.post(`/vendor-steps/${proposed.id}/decision`, { decision: 'release', reason: '自己复核' }));
  await decide('/vendor-steps', proposed.id);
  const { state, name_zh: name } = await clerk.get(`/vendors/${vendor.id}`);
  expect(state === 'accredited', state);
  return name;
}

for (const [number, ca] of cas.entries()) {
  await step(`vendor ${number + 1}: documents, joint test, accredited by a second person`, () => accredit(ca, number));
}

/** The platform becomes a client of the CA and orders a certificate there; the report then measures the promise by it. */
async function measure(ca, number) {
  const bin = dirname(hutong);
  const rights = ['order.query', 'order.enter', 'order.automatic'].flatMap((right) => ['--right', right]);
  const [key] = /hutong-client-\S+/.exec(run(join(bin, 'hutong-ca'), ['add-client', '--config', join(ca, 'ca.toml'), '--name', '互认平台', ...rights]));
  mkdirSync(join(folder, 'connector-keys'), { recursive: true, mode: 0o700 });
  writeFileSync(join(folder, 'connector-keys', `${contentOf(ca, number).uscc}.key`), key, { mode: 0o600 });
  const order = new Vendor(bin, ca).application(requestOf(portal.Sm2Key.generate()));
  const placed = await fetch(`${addressOf(ca)}/api/v1/vendor/orders?automatic=true`, {
    method: 'POST', body: JSON.stringify(order), headers: { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json', 'Idempotency-Key': 'first' } });
  expect(placed.status === 201, `${placed.status} ${await placed.clone().text()}`);
  const { items } = await clerk.get('/vendors');
  const { id } = items.find((one) => one.uscc === contentOf(ca, number).uscc);
  const check = await clerk.post(`/vendors/${id}/connector-checks`);
  expect(check.outcome === 'answered' && check.answered_by !== '', JSON.stringify(check));
  const report = await clerk.get(`/vendors/${id}/commitment-report`);
  expect(report.orders === 1 && report.in_time === 1 && report.broken.length === 0, JSON.stringify(report));
  return `promised ${report.promised_hours} h, took ${report.longest_seconds} s`;
}

for (const [number, ca] of cas.entries()) {
  await step(`vendor ${number + 1}: what it promised is measured by an order of the platform`, () => measure(ca, number));
}

await step('the trust list is proposed by one, released by another, and in force', async () => {
  const draft = await clerk.get('/trust-list-draft');
  const added = draft.changes.filter((change) => change.kind === 'added').length;
  expect(added === 2 * cas.length, JSON.stringify(draft.changes));
  const proposed = await clerk.post('/trust-list-releases', { draft_sm3: draft.sm3, valid_days: 180, reason: '新增厂商' });
  await decide('/trust-list-releases', proposed.id);
  const inForce = await clerk.get('/trust-list');
  expect(inForce.state === 'current' && inForce.number === draft.number, JSON.stringify({ ...inForce, services: [] }));
  return `no. ${inForce.number}, ${inForce.services.length} services`;
});

await step('the platform fetches the revocation lists that the trust list names', () => eventually(async () => {
  const { fetches, sources } = await clerk.get('/revocation-sources');
  const named = sources.filter((source) => source.origin === 'trust_list');
  expect(fetches && named.length === 2 * cas.length && named.every((source) => source.list && !source.failure), JSON.stringify(sources));
  return `${sources.length} addresses`;
}));

await step('the auditor finds every decision in the log, and the log whole', async () => {
  const auditor = await logIn('auditor');
  for (const [action, wanted] of [['vendor.entered', cas.length], ['vendor.step_decided', cas.length], ['trust_list.decided', 1]]) {
    const { items } = await auditor.get(`/audit/records?action=${action}`);
    expect(items.length === wanted, `${action}: ${items.length}`);
  }
  const verified = await auditor.post('/audit/verification');
  expect(verified.whole, JSON.stringify(verified));
  return JSON.stringify(verified);
});

await finish(' of the accreditation');
