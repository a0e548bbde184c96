// A business system over a client library that nobody here wrote. Prints one line for each thing that was shown; the
// first thing that is not as it should be ends it with status 1. Run by src/platform/login/stock_client_test.cc, which
// is the agent as well: SIGNER is an address that signs challenges with a key in software.
import assert from 'node:assert/strict';
import { Issuer, generators } from 'openid-client';

const { ISSUER, CLIENT_ID, CLIENT_SECRET, REDIRECT, AFTER_LOGOUT, SIGNER } = process.env;

const platform = await Issuer.discover(ISSUER);
assert.equal(platform.metadata.issuer, ISSUER);
console.log('shown discovery');

const client = new platform.Client({
  client_id: CLIENT_ID, client_secret: CLIENT_SECRET, redirect_uris: [REDIRECT], response_types: ['code'],
  id_token_signed_response_alg: 'ES256', token_endpoint_auth_method: 'client_secret_basic',
});

/** The browser: follows to the login page, has the challenge signed, and comes back. */
async function browse(address) {
  const sent = await fetch(address, { redirect: 'manual' });
  assert.equal(sent.status, 302, await sent.text());
  const request = new URL(sent.headers.get('location')).searchParams.get('request');
  const challenge = await post(`${ISSUER}/api/v1/login/challenges`, { request });
  const { message } = await post(SIGNER, challenge);
  return (await post(`${ISSUER}/api/v1/login/answers`, { request, message })).redirect;
}

async function post(address, body) {
  const answer = await fetch(address, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });
  assert.ok(answer.ok, `${address}: ${answer.status} ${answer.ok ? '' : await answer.text()}`);
  return answer.json();
}

async function logIn(changed = {}) {
  const verifier = generators.codeVerifier();
  const checks = { code_verifier: verifier, state: generators.state(), nonce: generators.nonce(), response_type: 'code' };
  const back = await browse(client.authorizationUrl({
    scope: 'openid profile offline_access', state: checks.state, nonce: checks.nonce,
    code_challenge: generators.codeChallenge(verifier), code_challenge_method: 'S256',
  }));
  return client.callback(REDIRECT, client.callbackParams(back), { ...checks, ...changed });
}

const tokens = await logIn();
const claims = tokens.claims();
assert.equal(claims.uscc, '91350100M000100Y43');
assert.deepEqual(claims.roles, ['supplier']);
console.log('shown login, ID token verified with the JWK set');

const info = await client.userinfo(tokens);
assert.equal(info.sub, claims.sub);
console.log('shown userinfo');

const refreshed = await client.refresh(tokens);
assert.equal(refreshed.claims().sub, claims.sub);
assert.notEqual(refreshed.refresh_token, tokens.refresh_token);
console.log('shown refresh');

await assert.rejects(logIn({ nonce: 'another' }), /nonce mismatch/);
await assert.rejects(logIn({ code_verifier: generators.codeVerifier() }), /invalid_grant/);
console.log('shown refusals: another nonce, another verifier');

const end = client.endSessionUrl({ id_token_hint: refreshed.id_token, post_logout_redirect_uri: AFTER_LOGOUT, state: 'bye' });
const away = await fetch(end, { redirect: 'manual' });
assert.equal(away.headers.get('location'), `${AFTER_LOGOUT}?state=bye`);
await assert.rejects(client.userinfo(refreshed), /invalid_token/);
await assert.rejects(client.refresh(refreshed), /invalid_grant/);
console.log('shown logout');

const own = await client.grant({ grant_type: 'client_credentials' });
assert.equal(own.token_type, 'Bearer');
console.log('shown client credentials');
