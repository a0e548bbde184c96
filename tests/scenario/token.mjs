// The subscriber's token: the software token behind its driver process, used by the command line as its holder would.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { portal, run } from './support.mjs';

const kContainer = 'supplier';

export class Token {
  /** A new device of this name, in the vendor's folder unless told otherwise, for demonstration: the PIN is that of the handbook. */
  constructor(vendor, name, home = vendor.file('tokens')) {
    this.vendor = vendor;
    this.name = name;
    this.env = { HUTONG_TOKEN_HOME: home };
    this.pin = vendor.write('user.pin', '12345678\n');
    this.hutong('init', '--name', name, '--label', name, '--application', 'HUTONG');
  }

  hutong(...words) {
    return run(join(this.vendor.bin, 'hutong'), ['token', ...words], { env: this.env });
  }
  /** With the user's PIN, in the subscriber's container. */
  use(command, ...words) {
    return this.hutong(command, ...words, '--device', this.name, '--container', kContainer, '--pin-file', this.pin);
  }

  /** Makes the signing key inside; the certificate request, as an order carries it. */
  request(subject) {
    this.use('keygen');
    const file = this.vendor.file(`${this.name}.csr`);
    this.use('request', '--subject', subject, '--der', '-o', file);
    return portal.bytesToBase64(new Uint8Array(readFileSync(file)));
  }

  /** What the vendor delivers: both certificates, and the encryption key enveloped for the signing key. */
  take(objects) {
    const write = (name, content) => this.vendor.write(`${this.name}-${name}`, portal.base64ToBytes(content));
    this.signing = write('signing.cer', objects.signing_certificate);
    this.encryption = write('encryption.cer', objects.encryption_certificate);
    this.use('import', '--signature', this.signing, '--encryption', this.encryption, '--key', write('enveloped-key.der', objects.enveloped_key));
  }

  /** The public key (65 octets) that lies in the token. */
  publicKey(...which) {
    const file = this.vendor.file(`${this.name}${which.join('')}.spki`);
    this.hutong('export', '--device', this.name, '--container', kContainer, '--public-key', ...which, '--der', '-o', file);
    return new Uint8Array(readFileSync(file)).slice(-65);
  }
  sign(file) {
    this.use('sign', file, '--detached');
    return `${file}.p7s`;
  }
  /** A login challenge of the platform at this origin; the message in base64. */
  signChallenge(challenge, origin) {
    const [asked, answer] = ['asked.json', 'answer.p7m'].map((name) => this.vendor.file(`${this.name}-${name}`));
    this.vendor.write(`${this.name}-asked.json`, JSON.stringify(challenge));
    this.use('challenge', asked, '--origin', origin, '--der', '-o', answer);
    return readFileSync(answer).toString('base64');
  }
  decrypt(file, to) {
    this.use('decrypt', file, '-o', to);
    return readFileSync(to, 'utf8');
  }
}
