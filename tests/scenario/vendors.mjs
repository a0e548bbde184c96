// Plays against the running CAs of the vendors what anybody may do without a login: one line a step with its time, exit 1 when a step fails.
//   node vendors.mjs BIN-FOLDER VENDOR-FOLDER…
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const [bin, ...vendors] = process.argv.slice(2);
let failed = 0;

async function step(title, action) {
  const start = performance.now();
  let outcome;
  let mark = '✓';
  try {
    outcome = await action();
  } catch (error) {
    mark = '✗';
    failed += 1;
    outcome = error.message;
  }
  console.log(`${mark} ${title}  ${outcome ?? ''}  (${Math.round(performance.now() - start)} ms)`);
}

function expect(condition, message) {
  if (!condition) throw new Error(message);
}

async function fetchTo(url, file) {
  const answer = await fetch(url);
  expect(answer.ok, `GET ${url}: ${answer.status}`);
  writeFileSync(file, Buffer.from(await answer.arrayBuffer()));
  return file;
}

function hutong(...words) {
  const { status, stdout, stderr } = spawnSync(join(bin, 'hutong'), [...words, '--json'], { encoding: 'utf8' });
  expect(status === 0 || status === 1, `hutong ${words[0]}: ${stderr}`);
  return JSON.parse(stdout);
}

for (const folder of vendors) {
  const config = join(folder, 'ca.toml');
  const text = readFileSync(config, 'utf8');
  const name = /vendor = "(.*)"/.exec(text)[1];
  const url = /url = "(.*)"/.exec(text)[1];
  const inFolder = (file) => join(folder, file);
  let system;

  await step(`${name}: the program says who it is`, async () => {
    system = await (await fetch(`${url}/api/v1/system`)).json();
    expect(system.program === 'hutong-ca' && system.name === name, JSON.stringify(system));
    return system.authority.subject;
  });

  await step(`${name}: an operator's certificate is valid by the root, with the published lists`, async () => {
    const { id } = system.authority;
    const root = await fetchTo(`${url}/pki/root.cer`, inFolder('check-root.cer'));
    const ca = await fetchTo(`${url}/ca/${id}.cer`, inFolder('check-ca.cer'));
    const rootList = await fetchTo(`${url}/pki/root.crl`, inFolder('check-root.crl'));
    const list = await fetchTo(`${url}/crl/${id}/0.crl`, inFolder('check-0.crl'));
    const leaf = inFolder('check-leaf.pem');
    execFileSync('openssl', ['pkcs12', '-in', inFolder('审核员.p12'), '-passin', `file:${inFolder('password')}`, '-nokeys', '-clcerts', '-out', leaf]);
    const report = hutong('verify', leaf, '--anchor', root, '--chain', ca, '--crl', rootList, '--crl', list, '--revocation', 'require');
    expect(report.indication === 'valid', `${report.indication} ${JSON.stringify(report.findings)}`);
    return report.indication;
  });

  await step(`${name}: a document gets a time stamp that verifies`, async () => {
    const bid = inFolder('bid.txt');
    writeFileSync(bid, '投标文件');
    const query = inFolder('bid.tsq');
    execFileSync(join(bin, 'hutong'), ['timestamp', 'request', bid, '-o', query]);
    const answer = await fetch(system.addresses.timestamp, {
      method: 'POST', body: readFileSync(query), headers: { 'content-type': 'application/timestamp-query' } });
    expect(answer.ok, `POST /tsa: ${answer.status}`);
    const reply = inFolder('bid.tsr');
    writeFileSync(reply, Buffer.from(await answer.arrayBuffer()));
    const report = hutong('timestamp', 'verify', reply, '--request', query, '--content', bid, '--anchor', inFolder('check-root.cer'),
      '--chain', inFolder('check-ca.cer'), '--crl', inFolder('check-root.crl'), '--crl', inFolder('check-0.crl'));
    expect(report.indication === 'valid', `${report.indication} ${JSON.stringify(report.findings)}`);
    return report.indication;
  });

  await step(`${name}: the doctor finds nothing bad`, () => {
    const { status, stdout, stderr } = spawnSync(join(bin, 'hutong-ca'), ['doctor', '--config', config, '--json'], { encoding: 'utf8' });
    expect(status === 0, stdout + stderr);
    return JSON.parse(stdout).health;
  });
}

console.log(failed === 0 ? '\nevery step of the vendors passed' : `\n${failed} step(s) failed`);
process.exit(failed === 0 ? 0 : 1);
