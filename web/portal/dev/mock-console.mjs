// A stand-in for hutong-ca or hutong-kmc while working on their pages without a build of them: it takes every login, checks no
// signature and answers with prepared data. Never part of a release, never used by the end-to-end tests.
//   PROGRAM=hutong-kmc npm run mock:console      then, in another shell:      HUTONG_URL=http://127.0.0.1:8098 npm run dev
import { createReadStream, existsSync, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ca, certificate, kmc, me, one } from './mock-console-data.mjs';

const file = (name) => fileURLToPath(new URL(name, import.meta.url));
const dist = file('../dist');
const keyFiles = JSON.parse(readFileSync(file('../src/testing/keyFiles.json'), 'utf8'));
const isKmc = process.env.PROGRAM === 'hutong-kmc';
const port = Number(process.env.PORT ?? 8098);
const types = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml' };
const answers = isKmc ? kmc : ca;

const system = isKmc
  ? { program: 'hutong-kmc', name: '演示密钥管理中心', version: '0.1.0', certificate: keyFiles.certificate, master_key: { id: 'a', threshold: 2, shares: 3 } }
  : {
      program: 'hutong-ca',
      name: '演示CA甲',
      authority: { id: 'a1', subject: 'CN=演示CA甲 SM2 CA1,O=演示CA甲有限公司,C=CN', not_after: '2036-11-27T08:00:00Z' },
      addresses: { crl: 'http://ca.example/crl/a1/0.crl', delta_crl: 'http://ca.example/crl/a1/0-delta.crl', ocsp: 'http://ca.example/ocsp', ca_certificate: 'http://ca.example/ca/a1.cer', chain: 'http://ca.example/ca/chain.p7b' },
    };

const fixed = {
  'GET /system': system,
  'POST /session/challenge': { challenge: '00', issued_at: '2026-11-28T08:00:00Z', expires_at: '2026-11-28T08:02:00Z', audiences: [], purpose: 'operator-session' },
  'POST /session': { token: 't', session_id: '01KB4X9Q2M7N5R8T1XZABC0000', expires_at: '2026-11-28T20:00:00Z', idle_seconds: 900, heartbeat_seconds: 30, operator: me },
  'POST /session/heartbeat': { status: 'open' },
  'DELETE /session': { status: 'closed' },
};

/** The prepared certificate stands for every one. */
const render = (body) => JSON.stringify(body).replaceAll(`"${certificate}"`, JSON.stringify(keyFiles.certificate));

function answer(method, path, query) {
  const found = fixed[`${method} ${path}`] ?? answers[path]?.(query, method);
  if (found) return found;
  const parts = path.split('/');
  return method === 'GET' && parts.length >= 3 ? one[parts.at(-2)]?.(parts.at(-1)) : undefined;
}

function serveStatic(path, response) {
  const wanted = join(dist, path);
  const found = wanted.startsWith(dist) && existsSync(wanted) && statSync(wanted).isFile() ? wanted : join(dist, 'index.html');
  response.writeHead(200, { 'Content-Type': types[extname(found)] ?? 'application/octet-stream' });
  createReadStream(found).pipe(response);
}

createServer((request, response) => {
  const url = new URL(request.url, 'http://localhost');
  request.resume();
  if (!url.pathname.startsWith('/api/v1')) return serveStatic(decodeURIComponent(url.pathname), response);
  const body = answer(request.method, decodeURIComponent(url.pathname.slice('/api/v1'.length)), url.searchParams);
  const problem = { type: 'about:blank', title: 'not prepared', status: 404, code: 'http.not_found', instance: 'MOCK' };
  response.writeHead(body ? 200 : 404, { 'Content-Type': body ? 'application/json' : 'application/problem+json' });
  return response.end(render(body ?? problem));
}).listen(port, '127.0.0.1', () => console.log(`fixture server (${system.program}) on http://127.0.0.1:${port}`));
