// Plays the demonstration scenario against a running region without a person: one line a step with its time, exit 1 when a step fails.
//   node check.mjs PLATFORM-URL HUTONG-PROGRAM REGION-FOLDER
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, finish, run, stepsOf } from './support.mjs';

const [url, hutong, region] = process.argv.slice(2);
const api = `${url}/api/v1`;
const step = stepsOf();

async function getJson(path) {
  const answer = await fetch(`${api}${path}`);
  expect(answer.ok, `GET ${path}: ${answer.status}`);
  return answer.json();
}

async function octets(name) {
  const answer = await fetch(`${api}/examples/${encodeURIComponent(name)}`);
  expect(answer.ok, `example ${name}: ${answer.status}`);
  return answer.blob();
}

async function validate(example) {
  const form = new FormData();
  form.append('file', await octets(example.name), example.name);
  if (example.content) form.append('content', await octets(example.content), example.content);
  const answer = await fetch(`${api}/validations`, { method: 'POST', body: form });
  expect(answer.ok, `validation: ${answer.status} ${await answer.clone().text()}`);
  return answer.json();
}

await step('the platform is ready', async () => {
  const answer = await fetch(`${url}/readyz`);
  expect(answer.status === 200, `readyz: ${answer.status}`);
});

await step('the trust list is current', async () => {
  const list = await getJson('/trust-list');
  expect(list.state === 'current', `state ${list.state}`);
  return `no. ${list.number}, ${list.services.length} services`;
});

const examples = await getJson('/examples');
let shown;
for (const example of examples) {
  await step(`${example.title_zh} (${example.title_en})`, async () => {
    const report = await validate(example);
    const reason = report.findings.find((finding) => finding.severity === 'error' || finding.severity === 'undecided');
    expect(report.indication === example.expected, `expected ${example.expected}, got ${report.indication} ${reason?.code ?? ''}`);
    if (report.indication === 'valid') shown = report;
    return `${report.indication}${reason ? `: ${reason.message_en}` : ''}`;
  });
}

await step('a report can be opened again by its link', async () => {
  const again = await getJson(`/validations/${shown.id}`);
  expect(JSON.stringify(again) === JSON.stringify(shown), 'the stored report differs');
});

await step('the command line agrees with the platform', () => {
  const good = examples.find((example) => example.expected === 'valid' && !example.content && example.name.endsWith('.cer'));
  const out = run(hutong, ['verify', join(region, 'examples', good.name), '--trust-list', join(region, 'trust-list.p7m'),
    '--trust-list-signer', join(region, 'list-signer.cer'), ...crlFiles().flatMap((file) => ['--crl', file]), '--json']);
  const report = JSON.parse(out);
  expect(report.indication === 'valid', `the command line says ${report.indication}`);
});

await step('a broken upload is answered with a stable code', async () => {
  const answer = await fetch(`${api}/validations`, { method: 'POST', body: '{', headers: { 'content-type': 'application/json' } });
  const problem = await answer.json();
  expect(answer.status === 400 && problem.code, `${answer.status} ${JSON.stringify(problem)}`);
  return problem.code;
});

function crlFiles() {
  return JSON.parse(readFileSync(join(region, 'manifest.json'), 'utf8')).revocation.map((name) => join(region, 'revocation', name));
}

await finish('');
