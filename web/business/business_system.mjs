// A business system: its users log in at the platform by OpenID Connect with a stock client library. What it keeps is in memory.
import { createServer } from 'node:http';
import { readFileSync } from 'node:fs';
import { custom, errors, generators, Issuer } from 'openid-client';
import { accountPage, missingPage, problemPage, startPage } from './pages.mjs';
import { Sessions } from './sessions.mjs';
import { languageOf } from './texts.mjs';

const kLoginSeconds = 15 * 60; // from leaving for the platform to coming back
const kSessionSeconds = 8 * 60 * 60;
const kStyle = readFileSync(new URL('style.css', import.meta.url));
custom.setHttpOptionsDefaults({ timeout: 10_000 });

/** What went wrong, as a code that the pages have words for. */
export function problemOf(error) {
  if (error instanceof errors.OPError && error.error) {
    const own = { invalid_client: 'not_registered', unauthorized_client: 'suspended' };
    return { code: own[error.error] ?? error.error, detail: error.error_description };
  }
  if (error instanceof errors.RPError) return { code: 'foreign_answer' };
  return { code: 'platform_unreachable' };
}

function cookiesOf(request) {
  const parts = (request.headers.cookie ?? '').split(';').map((part) => part.trim().split('='));
  return Object.fromEntries(parts.filter(([name, value]) => name && value));
}

export class BusinessSystem {
  /** `config`: id, name_zh, name_en, address (its own origin), issuer, client_id, client_secret, other (address, name_zh, name_en). */
  constructor(config) {
    this.config = config;
    this.callback = `${config.address}/callback`;
    this.afterLogout = `${config.address}/logged-out`;
    // Cookies know no ports: two systems of one machine must not take each other's.
    this.cookie = `${config.id}_session`;
    this.secure = config.address.startsWith('https:') ? '; Secure' : '';
    this.sessions = new Sessions();
  }

  listen(port, host = '127.0.0.1') {
    const server = createServer((request, response) => {
      this.#answer(request, response).catch((error) => {
        console.error(JSON.stringify({ level: 'error', event: 'request.failed', reason: error.message }));
        if (!response.headersSent) response.writeHead(500);
        response.end();
      });
    });
    return new Promise((ready, failed) => server.once('error', failed).listen(port, host, () => ready(server)));
  }

  /** Found at the first login, so that this system may start before the platform. */
  async #client() {
    if (!this.client) {
      const { client_id, client_secret, issuer } = this.config;
      const platform = await Issuer.discover(issuer);
      this.client = new platform.Client({
        client_id, client_secret, redirect_uris: [this.callback], response_types: ['code'], id_token_signed_response_alg: 'ES256' });
    }
    return this.client;
  }

  async #answer(request, response) {
    const cookies = cookiesOf(request);
    const session = this.sessions.find(cookies[this.cookie]);
    const url = new URL(request.url, this.config.address);
    const language = languageOf(cookies.language, request.headers['accept-language']);
    const at = { request, response, url, session, id: cookies[this.cookie] };
    at.view = { language, system: this.config, user: session?.user, region: session?.region };
    const routes = {
      'GET /': () => this.#send(at, session?.user ? accountPage(at.view) : startPage(at.view)),
      'GET /style.css': () => this.#send(at, kStyle, 200, 'text/css; charset=utf-8'),
      'GET /language': () => this.#redirect(at, '/', `language=${languageOf(url.searchParams.get('to'))}; Path=/; SameSite=Lax; Max-Age=31536000`),
      'GET /callback': () => this.#comeBack(at),
      'GET /logged-out': () => this.#send(at, startPage({ ...at.view, user: undefined }, 'logged_out')),
      'POST /login': () => this.#leave(at),
      'POST /check': () => this.#check(at),
      'POST /logout': () => this.#logOut(at),
    };
    request.resume(); // forms here have no content
    const route = routes[`${request.method} ${url.pathname}`];
    return route ? route() : this.#send(at, missingPage(at.view), 404);
  }

  /** To the platform, with fresh state, nonce and PKCE in a session of this login alone. */
  async #leave(at) {
    const checks = { state: generators.state(), nonce: generators.nonce(), code_verifier: generators.codeVerifier() };
    try {
      const client = await this.#client();
      const address = client.authorizationUrl({
        scope: 'openid profile offline_access', state: checks.state, nonce: checks.nonce,
        code_challenge: generators.codeChallenge(checks.code_verifier), code_challenge_method: 'S256' });
      this.sessions.close(at.id);
      this.#redirect(at, address, this.#sessionCookie(this.sessions.open({ checks }, kLoginSeconds), kLoginSeconds));
    } catch (error) {
      this.#fail(at, problemOf(error));
    }
  }

  async #comeBack(at) {
    const checks = at.session?.checks;
    if (!checks) return this.#fail(at, { code: 'expired' });
    this.sessions.close(at.id); // good for one answer; who is logged in gets another number
    try {
      const client = await this.#client();
      const tokens = await client.callback(this.callback, client.callbackParams(at.request), { ...checks, response_type: 'code' });
      const user = tokens.claims();
      const content = { user, tokens, region: await this.#region(user.region) };
      return this.#redirect(at, '/', this.#sessionCookie(this.sessions.open(content, kSessionSeconds), kSessionSeconds));
    } catch (error) {
      return this.#fail(at, problemOf(error));
    }
  }

  /** The platform is asked whether the login is still good: revoked certificates lose it. */
  async #check(at) {
    if (!at.session?.user) return this.#redirect(at, '/');
    try {
      at.session.tokens = await (await this.#client()).refresh(at.session.tokens);
      return this.#send(at, accountPage(at.view, 'checked'));
    } catch (error) {
      const problem = problemOf(error);
      if (problem.code !== 'invalid_grant') return this.#fail(at, problem);
      this.sessions.close(at.id);
      at.view.user = undefined;
      return this.#fail(at, { code: 'ended', detail: problem.detail });
    }
  }

  async #logOut(at) {
    this.sessions.close(at.id);
    let address = '/logged-out';
    if (at.session?.tokens) {
      const client = await this.#client();
      address = client.endSessionUrl({ id_token_hint: at.session.tokens.id_token, post_logout_redirect_uri: this.afterLogout });
    }
    this.#redirect(at, address, this.#sessionCookie('', 0));
  }

  /** What the platform calls a region; nothing when it cannot be asked. */
  async #region(code) {
    if (!code) return undefined;
    try {
      const { items } = await (await fetch(`${this.config.issuer}/api/v1/regions`)).json();
      return items.find((one) => one.code === code);
    } catch {
      return undefined;
    }
  }

  #sessionCookie(id, seconds) {
    return `${this.cookie}=${id}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${seconds}${this.secure}`;
  }
  #fail(at, problem) {
    this.#send(at, problemPage(at.view, problem), problem.code === 'platform_unreachable' ? 502 : 400);
  }
  #redirect(at, address, cookie) {
    at.response.writeHead(303, { Location: address, 'Cache-Control': 'no-store', ...(cookie && { 'Set-Cookie': cookie }) });
    at.response.end();
  }
  #send({ response }, content, status = 200, type = 'text/html; charset=utf-8') {
    response.writeHead(status, {
      'Content-Type': type,
      'Cache-Control': 'no-store',
      // The forms lead on to the platform and back.
      'Content-Security-Policy': `default-src 'none'; style-src 'self'; form-action 'self' ${this.config.issuer}; frame-ancestors 'none'; base-uri 'none'`,
      'Referrer-Policy': 'no-referrer',
      'X-Content-Type-Options': 'nosniff',
    });
    response.end(content);
  }
}
