// A stand-in for hutong-platform while working on the portal without a build of it: it judges nothing and
// answers each file name with a prepared report. Never part of a release, never used by the end-to-end tests.
//   npm run mock      then, in another shell:      npm run dev
import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, existsSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildReport, examples } from './mock-reports.mjs';

const dist = fileURLToPath(new URL('../dist', import.meta.url));
const types = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml' };
const kMaxBody = 4 << 20;
const reports = new Map();

const trustList = {
  state: process.env.MOCK_TRUST ?? 'current',
  number: 1,
  sm3: createHash('sm3').update('list').digest('hex'),
  issued_at: '2026-11-20T01:00:00Z',
  next_update: '2026-12-20T01:00:00Z',
  operator_zh: '演示互认平台运营方',
  operator_en: 'Demonstration operator',
  services: ['甲', '乙'].map((name, index) => ({
    name_zh: `演示CA${name} 证书签发服务`,
    name_en: `Demo CA ${'AB'[index]} certificate service`,
    vendor_zh: `演示CA${name}`,
    vendor_en: `Demo CA ${'AB'[index]}`,
    status: 'granted',
    subject: `CN=演示CA${name} SM2 CA1,O=演示CA${name}有限公司,C=CN`,
    sm3: createHash('sm3').update(name).digest('hex'),
  })),
};

function send(response, status, body, type = 'application/json') {
  response.writeHead(status, { 'Content-Type': type });
  response.end(typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body));
}

function problem(response, status, code, detail) {
  const body = { type: `/problems/${code}`, title: code, status, detail, code, instance: randomUUID() };
  send(response, status, body, 'application/problem+json');
}

async function readBody(request) {
  const parts = [];
  let size = 0;
  for await (const part of request) {
    size += part.length;
    if (size <= kMaxBody) parts.push(part);
  }
  return size > kMaxBody ? null : Buffer.concat(parts);
}

async function validate(request, response) {
  const body = await readBody(request);
  if (!body) return problem(response, 413, 'upload.too_large', 'the file is larger than 4 MiB');
  const text = body.toString('latin1');
  const name = Buffer.from(/name="file"; filename="([^"]*)"/.exec(text)?.[1] ?? 'file', 'latin1').toString();
  const at = /name="at"\r\n\r\n([^\r]*)/.exec(text)?.[1];
  if (name.includes('slow')) await new Promise((resolve) => setTimeout(resolve, 3000));
  const report = buildReport(name, { at, hasContent: text.includes('name="content"'), size: body.length, trustList });
  reports.set(report.id, report);
  return send(response, 200, report);
}

function serveStatic(path, response) {
  const file = join(dist, path);
  const found = file.startsWith(dist) && existsSync(file) && statSync(file).isFile() ? file : join(dist, 'index.html');
  response.writeHead(200, { 'Content-Type': types[extname(found)] ?? 'application/octet-stream' });
  createReadStream(found).pipe(response);
}

function route(request, response) {
  const path = decodeURIComponent(new URL(request.url, 'http://localhost').pathname);
  if (path === '/api/v1/validations' && request.method === 'POST') return validate(request, response);
  if (path === '/api/v1/trust-list') return send(response, 200, trustList);
  if (path === '/api/v1/examples') return send(response, 200, examples);
  if (path.startsWith('/api/v1/examples/')) return send(response, 200, Buffer.from('example'), 'application/octet-stream');
  if (path.startsWith('/api/v1/validations/')) {
    const report = reports.get(path.split('/').pop());
    return report ? send(response, 200, report) : problem(response, 404, 'validation.not_found', 'no report with this id');
  }
  return serveStatic(path, response);
}

const port = Number(process.env.PORT ?? 8099);
createServer((request, response) => void route(request, response)).listen(port, '127.0.0.1', () => {
  console.log(`fixture server on http://127.0.0.1:${port}`);
});
