// Somebody at a business system without a browser: goes where a browser would be sent, keeps its cookies, and signs with a token.
import { expect } from './support.mjs';

export class Visitor {
  #cookies = new Map();
  /** `platform`: its origin; `token`: signChallenge(challenge, origin) → the message in base64. */
  constructor(platform, token) {
    this.platform = platform;
    this.token = token;
  }

  async #send(method, address) {
    const { host } = new URL(address);
    const cookie = [...this.#cookies].filter(([name]) => name.startsWith(host)).map(([name, value]) => `${name.slice(host.length + 1)}=${value}`).join('; ');
    const answer = await fetch(address, { method, redirect: 'manual', headers: { cookie, 'accept-language': 'zh' } });
    for (const one of answer.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(one);
      this.#cookies.set(`${host} ${name}`, value);
    }
    return answer;
  }
  async #next(answer) {
    const location = answer.headers.get('location');
    expect(location, `${answer.url}: ${answer.status} ${await answer.text()}`);
    return new URL(location, answer.url).href;
  }
  async #post(path, body) {
    const answer = await fetch(`${this.platform}/api/v1/login/${path}`, {
      method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
    const json = await answer.json();
    if (!answer.ok) throw Object.assign(new Error(`${path}: ${answer.status} ${JSON.stringify(json)}`), { problem: json });
    return json;
  }

  /** The page of who is logged in. Throws the platform's problem. */
  async logIn(address) {
    const asked = await this.#next(await this.#send('POST', `${address}/login`));
    const page = new URL(await this.#next(await this.#send('GET', asked)));
    expect(page.pathname === '/sign-in', page.href);
    const request = page.searchParams.get('request');
    const challenge = await this.#post('challenges', { request });
    const message = this.token.signChallenge(challenge, this.platform);
    const { redirect } = await this.#post('answers', { request, message });
    return this.#arrive(await this.#send('GET', redirect));
  }
  /** Asks the business system to check its login at the platform again. */
  async check(address) {
    return (await this.#send('POST', `${address}/check`)).text();
  }
  async logOut(address) {
    return this.#arrive(await this.#send('POST', `${address}/logout`));
  }
  async #arrive(answer) {
    return answer.status < 300 || answer.status >= 400 ? answer.text() : this.#arrive(await this.#send('GET', await this.#next(answer)));
  }
}
