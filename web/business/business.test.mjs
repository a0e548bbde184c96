// The program without the platform: pages, sessions, and what it says when a login goes wrong. With the platform: web/portal/e2e/login.test.mjs.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, describe, test } from 'node:test';
import { BusinessSystem, problemOf } from './business_system.mjs';
import { errors } from 'openid-client';
import { accountPage, html, problemPage, startPage } from './pages.mjs';
import { Sessions } from './sessions.mjs';
import { languageOf, texts } from './texts.mjs';

const system = { id: 'trading', name_zh: '演示<交易>', name_en: 'Trading & more', address: 'http://127.0.0.1:1' };
const user = {
  name: '<script>alert(1)</script>', kind: 'organisation', uscc: '91350100M000100Y43', roles: ['supplier'], vendor: '演示CA甲', vendor_en: 'CA "A"',
  region: '150100', assurance: 'certificate', auth_time: 1_800_000_000, sid: 'x' };

describe('pages', () => {
  test('whatever is put in is escaped', () => {
    assert.equal(html`<p title="${'"\'&'}">${['<', html`<b>${'>'}</b>`]}${undefined}</p>`.text, '<p title="&quot;&#39;&amp;">&lt;<b>&gt;</b></p>');
    for (const language of ['zh', 'en']) {
      const view = { language, system, user, region: { name_zh: '<i>', name_en: '<i>' } };
      for (const page of [startPage(view), accountPage(view), problemPage(view, { code: '<b>', detail: '<img src=x>' })]) {
        assert.doesNotMatch(page, /<script|<img|<交易>|<b>|<i>/);
      }
    }
  });
  test('both languages say the same things', () => {
    assert.deepEqual(Object.keys(texts.zh), Object.keys(texts.en));
    assert.equal(languageOf(undefined, 'en-GB,en;q=0.9'), 'en');
    assert.equal(languageOf(undefined, 'zh-CN'), 'zh');
    assert.equal(languageOf('zh', 'en'), 'zh');
    assert.equal(languageOf('fr'), 'zh');
  });
});

describe('sessions', () => {
  test('end after their time, and the oldest goes when there are too many', () => {
    let now = 0;
    const sessions = new Sessions({ most: 2, now: () => now });
    const [one, two, three] = [1, 2, 3].map((content) => sessions.open(content, 10));
    assert.deepEqual([one, two, three].map((id) => sessions.find(id)), [undefined, 2, 3]);
    now = 10_000;
    assert.equal(sessions.find(two), undefined);
    assert.equal(sessions.find('nobody'), undefined);
    assert.match(three, /^[\w-]{43}$/);
  });
});

test('errors of the provider have words', () => {
  assert.deepEqual(problemOf(new errors.OPError({ error: 'invalid_client', error_description: 'x' })), { code: 'not_registered', detail: 'x' });
  assert.equal(problemOf(new errors.OPError({ error: 'unauthorized_client' })).code, 'suspended');
  assert.equal(problemOf(new errors.OPError({ error: 'temporarily_unavailable' })).code, 'temporarily_unavailable');
  assert.equal(problemOf(new errors.RPError('state mismatch')).code, 'foreign_answer');
  assert.equal(problemOf(new Error('connect ECONNREFUSED')).code, 'platform_unreachable');
});

describe('over HTTP', () => {
  let server;
  let provider;
  let base;
  before(async () => {
    provider = createServer((request, response) => {
      const { port } = provider.address();
      const issuer = `http://127.0.0.1:${port}`;
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ issuer, authorization_endpoint: `${issuer}/authorize`, token_endpoint: `${issuer}/token`, jwks_uri: `${issuer}/keys` }));
    });
    await new Promise((ready) => provider.listen(0, '127.0.0.1', ready));
    const app = new BusinessSystem({ ...system, issuer: `http://127.0.0.1:${provider.address().port}`, client_id: 'c', client_secret: 's' });
    server = await app.listen(0);
    base = `http://127.0.0.1:${server.address().port}`;
  });
  after(() => [server, provider].forEach((one) => one.close()));
  const ask = (method, path, cookie = '') => fetch(base + path, { method, redirect: 'manual', headers: { cookie } });

  test('a login leaves with state, nonce and PKCE, and a cookie that scripts do not see', async () => {
    const sent = await ask('POST', '/login');
    const query = new URL(sent.headers.get('location')).searchParams;
    assert.equal(sent.status, 303);
    assert.equal(query.get('code_challenge_method'), 'S256');
    for (const name of ['state', 'nonce', 'code_challenge']) assert.ok(query.get(name).length >= 43, name);
    const cookie = sent.headers.get('set-cookie');
    assert.match(cookie, /^trading_session=[\w-]{43}; .*HttpOnly; SameSite=Lax/);
    const foreign = await ask('GET', '/callback?code=x&state=another', cookie.split(';')[0]);
    assert.match(await foreign.text(), /与这次登录不符/);
    const again = await ask('GET', '/callback?code=x&state=another', cookie.split(';')[0]);
    assert.match(await again.text(), /打开时间过长/, 'good for one answer');
  });
  test('bad requests', async () => {
    const table = [
      ['GET', '/callback', 400], ['GET', '/callback?error=access_denied', 400], ['GET', '/login', 404], ['GET', '/nothing', 404],
      ['DELETE', '/', 404], ['GET', '/../../etc/passwd', 404], ['POST', '/check', 303], ['POST', '/logout', 303],
    ];
    for (const [method, path, status] of table) assert.equal((await ask(method, path, 'trading_session=x; ;=')).status, status, `${method} ${path}`);
    const policy = (await ask('GET', '/')).headers.get('content-security-policy');
    assert.match(policy, /default-src 'none'/);
  });
});
