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
  return (await sign(new URL(sent.headers.get('location')).searchParams.get('request'))).redirect;
}

async function sign(request) {
  const challenge = await post(`${ISSUER}/api/v1/login/challenges`, { request });
  const { message } = await post(SIGNER, challenge);
  return post(`${ISSUER}/api/v1/login/answers`, { request, message });
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

// A device without a key: it shows a code, and somebody logs in with a key on a computer.
const handle = await client.deviceAuthorization({ scope: 'openid offline_access' });
assert.match(handle.user_code, /^[B-DF-HJ-NP-TV-XZ]{4}-[B-DF-HJ-NP-TV-XZ]{4}$/);
assert.equal(handle.verification_uri_complete, `${ISSUER}/device?user_code=${handle.user_code}`);
await assert.rejects(client.grant({ grant_type: 'urn:ietf:params:oauth:grant-type:device_code', device_code: handle.device_code }), /authorization_pending/);
const waiting = handle.poll();
const { request } = await post(`${ISSUER}/api/v1/login/device-codes`, { user_code: handle.user_code });
assert.deepEqual(await sign(request), { device: 'accepted' });
const onDevice = await waiting;
assert.equal(onDevice.claims().sub, claims.sub);
assert.equal((await client.userinfo(onDevice)).sub, claims.sub);
const declined = await client.deviceAuthorization({ scope: 'openid' });
const unwanted = await post(`${ISSUER}/api/v1/login/device-codes`, { user_code: declined.user_code });
await post(`${ISSUER}/api/v1/login/device-denials`, unwanted);
await assert.rejects(declined.poll(), /access_denied/);
console.log('shown device: pending, tokens, declined');

// The JWK set has a key in SM2 as well, which this library does not know.
const { keys } = await (await fetch(platform.metadata.jwks_uri)).json();
assert.deepEqual(keys.map(({ alg }) => alg), ['ES256', 'SGD_SM3_SM2']);
console.log('shown a key of another algorithm that does not disturb');

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
