// Who is logged in, in memory. A session is found by a random number that only the browser's cookie has.
import { randomBytes } from 'node:crypto';

const kMostSessions = 10_000;

export class Sessions {
  #sessions = new Map();
  constructor({ most = kMostSessions, now = Date.now } = {}) {
    this.most = most;
    this.now = now;
  }

  /** Its id. The oldest one goes when there are too many. */
  open(content, seconds) {
    if (this.#sessions.size >= this.most) this.#sessions.delete(this.#sessions.keys().next().value);
    const id = randomBytes(32).toString('base64url');
    this.#sessions.set(id, { content, until: this.now() + seconds * 1000 });
    return id;
  }
  find(id) {
    const session = this.#sessions.get(id);
    if (session && session.until > this.now()) return session.content;
    this.#sessions.delete(id);
    return undefined;
  }
  close(id) {
    this.#sessions.delete(id);
  }
}
