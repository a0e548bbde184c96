// The operators of a new demonstration platform register its two business systems, one proposing, another releasing, and say which roles the
// holders of its demonstration keys have. The configurations of the systems' programs go to REGION-FOLDER/business.
//   node business.mjs PLATFORM-URL REGION-FOLDER PROCUREMENT-PORT TRADING-PORT
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, finish, Operator, portal, stepsOf } from './support.mjs';

const [url, folder, ...ports] = process.argv.slice(2);
const step = stepsOf('platform');
const addressOf = (number) => `http://127.0.0.1:${ports[number]}`;
const systems = [
  { id: 'procurement', name_zh: '演示政府采购系统', name_en: 'Demonstration procurement', address: addressOf(0) },
  { id: 'trading', name_zh: '演示公共资源交易系统', name_en: 'Demonstration trading centre', address: addressOf(1) },
];
/** By the name of the key; one of them serves two roles. */
const roles = { supplier: ['supplier'], purchaser: ['purchaser', 'supplier'] };

const clerk = await Operator.logIn(url, folder, 'clerk');
const reviewer = await Operator.logIn(url, folder, 'reviewer');

for (const system of systems) {
  await step(`${system.name_zh} is registered by one, released by another`, async () => {
    const { name_zh, name_en, address } = system;
    const made = await clerk.post('/business-systems', {
      name_zh, name_en, redirect_uris: [`${address}/callback`], after_logout_uris: [`${address}/logged-out`] });
    Object.assign(system, { client_id: made.client_id, client_secret: made.client_secret });
    const { state } = await reviewer.post(`/business-systems/${made.client_id}/decision`, { decision: 'release', reason: '已核对' });
    expect(state === 'active', state);
    return made.client_id;
  });
}

await step('subjects are entered with their roles', async () => {
  const entered = [];
  for (const [key, wanted] of Object.entries(roles)) {
    const file = join(folder, 'subscribers', `${key}.cer`);
    if (!existsSync(file)) continue;
    const { subject, uscc } = holderOf(new Uint8Array(readFileSync(file)));
    await clerk.post('/subjects', { kind: 'organisation', number: uscc, name: subject, roles: wanted, region: '150100' });
    entered.push(subject);
  }
  return entered.join('、');
});

/** Of a demonstration certificate: the name, and the only unified social credit code in it. */
function holderOf(certificate) {
  const subject = portal.commonName(portal.readFacts(certificate).subject);
  const [uscc] = /[0-9A-HJ-NPQRTUWXY]{18}/.exec(Buffer.from(certificate).toString('latin1'));
  return { subject, uscc };
}

mkdirSync(join(folder, 'business'), { recursive: true, mode: 0o700 });
for (const [number, system] of systems.entries()) {
  const { id, name_zh, name_en, address } = systems[1 - number];
  const config = { ...system, issuer: url, port: Number(ports[number]), other: { id, name_zh, name_en, address } };
  writeFileSync(join(folder, 'business', `${system.id}.json`), `${JSON.stringify(config, null, 1)}\n`, { mode: 0o600 });
}
await finish(' of the business systems');
