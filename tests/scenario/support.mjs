// What the scenarios share: steps with their time, the project's programs, the portal's own modules, operators who log in and sign.
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { answersHeld } from './contract.mjs';

let failed = 0;

/** Runs steps one after the other, one line each. */
export function stepsOf(who = '') {
  return async (title, action) => {
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
    console.log(`${mark} ${who}${who && ': '}${title}  ${outcome ?? ''}  (${Math.round(performance.now() - start)} ms)`);
  };
}

/** Says how it went and ends the program: 1 when a step failed. */
export async function finish(what) {
  await stepsOf()('every answer is as the OpenAPI documents say', answersHeld);
  console.log(failed === 0 ? `\nevery step${what} passed` : `\n${failed} step(s)${what} failed`);
  process.exit(failed === 0 ? 0 : 1);
}

export function expect(condition, message) {
  if (!condition) throw new Error(message);
}

/** Asks until the answer is there. */
export async function eventually(ask, patience = 20_000) {
  const until = performance.now() + patience;
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (performance.now() > until) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}

export function run(program, words, { codes = [0], input, env = {} } = {}) {
  const { status, stdout, stderr } = spawnSync(program, words, { input, encoding: 'utf8', env: { ...process.env, ...env } });
  expect(codes.includes(status), `${basename(program)} ${words[0]}: ${status} ${stdout}${stderr}`);
  return stdout;
}

export async function fetchTo(url, file) {
  const answer = await fetch(url);
  expect(answer.ok, `GET ${url}: ${answer.status}`);
  writeFileSync(file, Buffer.from(await answer.arrayBuffer()));
  return file;
}

/** The pages' own code for keys, requests and custody: the scenario does what a browser does. */
async function portalModules() {
  const root = fileURLToPath(new URL('../../web/portal', import.meta.url));
  const { createServer } = await import(join(root, 'node_modules/vite/dist/node/index.js'));
  const server = await createServer({
    root,
    configFile: false,
    appType: 'custom',
    logLevel: 'error',
    resolve: { alias: { '@': join(root, 'src') } },
    optimizeDeps: { noDiscovery: true },
    server: { middlewareMode: true, watch: null, hmr: false, ws: false },
  });
  const names = ['keys/keyFile', 'keys/sm2', 'keys/request', 'asn1/der', 'asn1/facts', 'lib/format', 'console/lib/custody', 'console/api/session'];
  const modules = [];
  for (const name of names) modules.push(await server.ssrLoadModule(`/src/${name}.ts`));
  modules.push(await server.ssrLoadModule('sm-crypto-v2'));
  await server.close();
  return Object.assign({}, ...modules);
}
export const portal = await portalModules();

const passwordOf = (folder) => readFileSync(join(folder, 'password'), 'utf8').trim();

const carriers = new Map();

/** The carrier in a key file of a program's folder; opened once, because stretching the password takes a second. */
export async function carrierOf(folder, name) {
  const path = join(folder, 'operators', `${name}.p12`);
  if (!carriers.has(path)) carriers.set(path, await portal.readKeyFile(new Uint8Array(readFileSync(path)), passwordOf(folder)));
  return carriers.get(path);
}

/** An operator of a program with a key file, logged in. Every change is signed. */
export class Operator {
  /** `folder`: that of the program in the region; `name`: of the key file. */
  static async logIn(url, folder, name) {
    const self = new Operator();
    self.url = url;
    self.carrier = await carrierOf(folder, name);
    const given = await self.send('POST', '/session/challenge');
    const opened = await self.send('POST', '/session', {
      audience: url,
      certificate: portal.bytesToBase64(self.carrier.certificate),
      challenge: given.challenge,
      signature: self.carrier.key.signText(portal.loginText(url, given.challenge, given.issued_at, given.purpose)),
    });
    self.session = { token: opened.token, id: opened.session_id };
    return self;
  }

  get(path) {
    return this.send('GET', path);
  }
  post(path, body = {}) {
    return this.send('POST', path, body);
  }

  async send(method, path, body) {
    const target = `/api/v1${path}`;
    const content = body === undefined ? new Uint8Array() : new TextEncoder().encode(JSON.stringify(body));
    const headers = body === undefined ? {} : { 'Content-Type': 'application/json' };
    if (this.session) Object.assign(headers, this.proof(method, target, content));
    const answer = await fetch(this.url + target, { method, headers, body: method === 'GET' ? undefined : content });
    const text = await answer.text();
    if (!answer.ok) throw Object.assign(new Error(`${method} ${path}: ${answer.status} ${text}`), { problem: JSON.parse(text) });
    return text ? JSON.parse(text) : undefined;
  }

  proof(method, target, content) {
    const bearer = { Authorization: `Bearer ${this.session.token}` };
    if (method === 'GET') return bearer;
    const time = `${new Date().toISOString().slice(0, 19)}Z`;
    const text = portal.actionText(method, target, portal.sm3Hex(content), time, this.session.id);
    return { ...bearer, 'Hutong-Time': time, 'Hutong-Signature': this.carrier.key.signText(text) };
  }
}
