// Plays the life of certificates against the running CAs of the vendors, their key management centre and the platform that trusts them: one line
// a step with its time, exit 1 when a step fails.
//   node vendors.mjs BIN-FOLDER PLATFORM-URL REGION-FOLDER
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { custodians, KeyCentre } from './key_centre.mjs';
import { eventually, expect, finish, portal, run, stepsOf } from './support.mjs';
import { Token } from './token.mjs';
import { kSubject, requestOf, Vendor } from './vendor.mjs';
import { Visitor } from './visitor.mjs';

const [bin, platform, region] = process.argv.slice(2);
const centre = new KeyCentre(join(region, 'kmc'));
const vendors = ['vendor-a', 'vendor-b'].map((name) => join(region, name));
const systems = ['procurement', 'trading'].map((name) => JSON.parse(readFileSync(join(region, 'business', `${name}.json`), 'utf8')));

const same = (one, other) => portal.bytesToHex(one) === portal.bytesToHex(other);
const base64 = portal.base64ToBytes;

async function platformSays(file) {
  const form = new FormData();
  form.append('file', new Blob([readFileSync(file)]), 'certificate.cer');
  const answer = await fetch(`${platform}/api/v1/validations`, { method: 'POST', body: form });
  expect(answer.ok, `validation: ${answer.status}`);
  return answer.json();
}

function expectIndication(report, indication) {
  expect(report.indication === indication, `${report.indication} ${JSON.stringify(report.findings)}`);
  return report.indication;
}

/** What anybody may do without a login. */
async function playPublicServices(vendor, step) {
  let system;
  await step('the program says who it is', async () => {
    system = await vendor.system();
    expect(system.program === 'hutong-ca' && system.name === vendor.name, JSON.stringify(system));
    return system.authority.subject;
  });

  await step('a document gets a time stamp that verifies', async () => {
    const bid = vendor.write('bid.txt', '投标文件');
    const query = vendor.file('bid.tsq');
    run(join(bin, 'hutong'), ['timestamp', 'request', bid, '-o', query]);
    const answer = await fetch(system.addresses.timestamp, {
      method: 'POST', body: readFileSync(query), headers: { 'content-type': 'application/timestamp-query' } });
    expect(answer.ok, `POST /tsa: ${answer.status}`);
    const reply = vendor.write('bid.tsr', Buffer.from(await answer.arrayBuffer()));
    const trust = await vendor.trust();
    return expectIndication(vendor.hutong('timestamp', 'verify', reply, '--request', query, '--content', bid, ...trust), 'valid');
  });

  await step('the doctor finds nothing bad', () => {
    const said = run(join(bin, 'hutong-ca'), ['doctor', '--config', vendor.config, '--json'], { codes: [0] });
    return JSON.parse(said).health;
  });
}

/** An order without the key centre. */
async function playWaiting(vendor, step) {
  await step('while the key centre does not serve the CA an order waits, and is made afterwards', async () => {
    const order = await vendor.approved(vendor.application(requestOf(portal.Sm2Key.generate())));
    await centre.serve(vendor.name, 'suspended');
    try {
      await expectWaiting(vendor, order, 'key_centre.away', /status 403/);
    } finally {
      await centre.serve(vendor.name, 'active');
    }
    const { state } = await vendor.make(order.id);
    expect(state === 'issued', state);
  });
}

/** From the application to the certificates: what the later steps need. */
async function playIssue(vendor, step) {
  const subscriber = {};
  let request;
  await step('a supplier makes the signing key in a token, which signs the request', () => {
    subscriber.token = new Token(vendor, 'supplier');
    request = subscriber.token.request(kSubject);
  });

  await step('a supplier applies: entered, reviewed, made with a key of the key centre, delivered', async () => {
    const start = performance.now();
    const order = await vendor.approved(vendor.application(request));
    subscriber.objects = await vendor.deliver(await vendor.make(order.id));
    const made = await vendor.showOrder(order.id);
    expect(made.steps.every((one) => one.signed), JSON.stringify(made.steps));
    const seconds = (performance.now() - start) / 1000;
    expect(seconds < 30, `GM/T 0037 allows 30 s: ${seconds}`); // C72
    return `order ${order.id}, ${made.steps.length} signed steps`;
  });

  await step('both certificates and the enveloped encryption key go into the token', () => {
    const { objects, token } = subscriber;
    const facts = (certificate) => portal.readFacts(base64(certificate));
    token.take(objects);
    subscriber.serial = facts(objects.encryption_certificate).serial;
    subscriber.signing = token.signing;
    subscriber.encryption = token.encryption;
    subscriber.encryptionKey = token.publicKey('--encryption');
    expect(same(facts(objects.signing_certificate).publicKey, token.publicKey()), 'another signing key');
    expect(same(facts(objects.encryption_certificate).publicKey, subscriber.encryptionKey), 'another encryption key');
  });

  await step('a bid signed in the token verifies by the root', async () => {
    const bid = vendor.file('bid.txt');
    return expectIndication(vendor.hutong('verify', subscriber.token.sign(bid), '--content', bid, ...await vendor.trust()), 'valid');
  });

  await step('both certificates are valid by the root, with the published lists', async () => {
    expectIndication(await vendor.verdict(subscriber.signing), 'valid');
    return expectIndication(await vendor.verdict(subscriber.encryption), 'valid');
  });

  await step('the status service says good', async () => {
    for (const file of [subscriber.signing, subscriber.encryption]) {
      const status = await vendor.status(file);
      expect(status === 'good', status);
    }
  });

  await step('the platform recognises both by its trust list', async () => {
    expectIndication(await platformSays(subscriber.signing), 'valid');
    return expectIndication(await platformSays(subscriber.encryption), 'valid');
  });

  await step('the key centre holds the key in its in-use store', async () => {
    const held = await centre.keyOf(subscriber.serial, 'in_use');
    expect(same(base64(held.public_key).slice(-65), subscriber.encryptionKey), 'another key');
    return held.id;
  });
  return subscriber;
}

/** One key at both business systems. */
async function playLogins(vendor, step, subscriber) {
  const visitor = subscriber.visitor = new Visitor(platform, subscriber.token);
  for (const system of systems) {
    await step(`the supplier logs in to ${system.name_zh} with the key`, async () => {
      const page = await visitor.logIn(system.address);
      expect(page.includes('演示供应商有限公司') && page.includes('91350100M000100Y43') && page.includes(vendor.name), page);
      expect((await visitor.check(system.address)).includes('核验通过'), 'the login cannot be checked again');
    });
  }
  await step('and logs out of one, not of the other', async () => {
    expect((await visitor.logOut(systems[0].address)).includes('您已退出登录'), 'not logged out');
    expect((await visitor.check(systems[1].address)).includes('核验通过'), 'the other login ended');
  });
}

/** Whoever is revoked gets in nowhere. */
async function playRefusedLogins(step, subscriber) {
  await step('both business systems refuse the revoked key, and say why', async () => {
    for (const { address } of systems) {
      const problem = await new Visitor(platform, subscriber.token).logIn(address).then(() => undefined, (error) => error.problem ?? error);
      expect(problem?.code === 'revocation.revoked' && problem.detail.includes('吊销'), JSON.stringify(problem));
    }
  });
}

/** The token is lost: the encryption key comes back into a new one, through the custodians. */
async function playRecovery(vendor, step, subscriber) {
  const secret = '评标结果：只给持有加密密钥的人看';
  let replacement;
  let order;
  let recovery;

  await step('something is encrypted for the supplier, whose token is then lost', () => {
    run(join(bin, 'hutong'), ['encrypt', vendor.write('secret.txt', secret), '--to', subscriber.encryption, '-o', vendor.file('secret.p7e')]);
  });

  await step('a recovery is entered and reviewed; making it opens a case at the key centre', async () => {
    replacement = new Token(vendor, 'replacement');
    order = await vendor.approved({ kind: 'recovery', certificate: subscriber.serial, request: replacement.request(kSubject) });
    await expectWaiting(vendor, order, 'key_centre.refused', /waits for the custodians/);
    const { items } = await (await centre.logIn('business-operator')).get('/recoveries?state=open');
    [recovery] = items.filter((one) => one.certificate === subscriber.serial);
    expect(recovery, `no case of ${subscriber.serial}: ${JSON.stringify(items)}`);
    return `case ${recovery.id}`;
  });

  await step('with one custodian of three the key does not come back', async () => {
    const { state } = await centre.approve(recovery.id, custodians[0]);
    expect(state === 'open', state);
    await expectWaiting(vendor, order, 'key_centre.refused', /waits for the custodians/);
  });

  await step('with two of three it does, into a new token, and opens what was encrypted before', async () => {
    const { state } = await centre.approve(recovery.id, custodians[2]);
    expect(state === 'released', state);
    const objects = await vendor.deliver(await vendor.make(order.id));
    replacement.take({ ...objects, encryption_certificate: objects.encryption_certificate ?? subscriber.objects.encryption_certificate });
    expect(same(replacement.publicKey('--encryption'), subscriber.encryptionKey), 'another encryption key');
    expect(replacement.decrypt(vendor.file('secret.p7e'), vendor.file('opened.txt')) === secret, 'something else came out');
    subscriber.lost = subscriber.signing;
    subscriber.signing = replacement.signing;
  });

  await step('the lost signing key is revoked, the new one and the encryption certificate stand', async () => {
    expectIndication(await eventuallyRevoked(vendor, subscriber.lost), 'invalid');
    expectIndication(await vendor.verdict(subscriber.signing), 'valid');
    return expectIndication(await vendor.verdict(subscriber.encryption), 'valid');
  });
}

/** Making it fails; the order stays approved and says why. */
async function expectWaiting(vendor, order, code, detail) {
  const problem = await vendor.make(order.id).then(() => undefined, (error) => error.problem ?? { code: error.message });
  expect(problem?.code === code, JSON.stringify(problem));
  const shown = await vendor.showOrder(order.id);
  expect(shown.state === 'approved' && detail.test(shown.problem?.detail), JSON.stringify(shown.problem));
}

const eventuallyRevoked = (vendor, file) => eventually(async () => {
  const report = await vendor.verdict(file);
  expect(report.indication === 'invalid', `${report.indication}`);
  return report;
});

async function playRevocation(vendor, step, subscriber) {
  const both = [subscriber.signing, subscriber.encryption];
  await step('a revocation is entered, reviewed and carried out', async () => {
    const order = await vendor.approved({ kind: 'revocation', certificate: subscriber.serial, reason: 'cessation_of_operation' });
    const done = await vendor.make(order.id);
    expect(done.state === 'done', done.state);
  });

  await step('the published lists say revoked', async () => {
    const reports = await Promise.all(both.map((file) => eventuallyRevoked(vendor, file)));
    for (const report of reports) expect(JSON.stringify(report.findings).includes('revoked'), JSON.stringify(report.findings));
  });

  await step('the status service says revoked', async () => {
    for (const file of both) {
      const status = await vendor.status(file);
      expect(status === 'revoked', status);
    }
  });

  await step('the platform calls both invalid', () => eventually(async () => {
    for (const file of both) expectIndication(await platformSays(file), 'invalid');
  }));

  await step('the key centre has moved the key to its history store', () =>
    eventually(async () => (await centre.keyOf(subscriber.serial, 'history')).reason));
}

for (const folder of vendors) {
  const vendor = new Vendor(bin, folder);
  const step = stepsOf(vendor.name);
  await playPublicServices(vendor, step);
  await playWaiting(vendor, step);
  const subscriber = await playIssue(vendor, step);
  await playLogins(vendor, step, subscriber);
  await playRecovery(vendor, step, subscriber);
  await playRevocation(vendor, step, subscriber);
  await playRefusedLogins(step, subscriber);
}

const step = stepsOf('密钥管理中心');
await step('its audit chain is whole, every signature in it verifies', async () => {
  const report = await (await centre.logIn('auditor')).post('/audit/verification');
  expect(report.whole, JSON.stringify(report));
  return JSON.stringify(report);
});
await finish(' of the vendors');
