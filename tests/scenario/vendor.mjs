// A vendor of the region: its running CA, its operators, what it publishes.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, fetchTo, Operator, portal, run } from './support.mjs';

const kSupplier = { name: '演示供应商有限公司', number: '91350100M000100Y43', role: 'supplier', region: '150100', phone: '13800138000' };

/** A certificate request by a key in this program's memory. */
export function requestOf(key) {
  return portal.bytesToBase64(portal.makeRequest(key, [{ oid: '2.5.4.6', value: 'CN' }, { oid: '2.5.4.3', value: kSupplier.name }]));
}
export const kSubject = `CN=${kSupplier.name},C=CN`;

export class Vendor {
  /** `bin`: where the programs are; `folder`: that of the CA in the region. */
  constructor(bin, folder) {
    this.bin = bin;
    this.folder = folder;
    this.config = join(folder, 'ca.toml');
    const text = readFileSync(this.config, 'utf8');
    this.name = /^vendor = "(.*)"$/m.exec(text)[1];
    this.url = /^\[publishing\]\nurl = "(.*)"$/m.exec(text)[1];
  }

  file(name) {
    return join(this.folder, name);
  }
  write(name, content) {
    writeFileSync(this.file(name), content);
    return this.file(name);
  }
  logIn(name) {
    return Operator.logIn(this.url, this.folder, name);
  }
  async system() {
    return (await fetch(`${this.url}/api/v1/system`)).json();
  }

  /** The answer of `hutong … --json`; a verdict may be anything. */
  hutong(...words) {
    return JSON.parse(run(join(this.bin, 'hutong'), [...words, '--json'], { codes: [0, 1] }));
  }

  /** Options of `hutong verify` with root, CA and all lists as they are published now. */
  async trust() {
    const { id } = (await this.system()).authority;
    const fetched = (path, name) => fetchTo(this.url + path, this.file(name));
    return ['--anchor', await fetched('/pki/root.cer', 'check-root.cer'), '--chain', await fetched(`/ca/${id}.cer`, 'check-ca.cer'),
      '--crl', await fetched('/pki/root.crl', 'check-root.crl'), '--crl', await fetched(`/crl/${id}/0.crl`, 'check-0.crl'),
      '--crl', await fetched(`/crl/${id}/0-delta.crl`, 'check-0-delta.crl')];
  }

  /** The report on a certificate in a file, by the root and the published lists alone. */
  async verdict(file) {
    return this.hutong('verify', file, ...await this.trust(), '--revocation', 'require');
  }

  /** What the status service says, asked by OpenSSL: "good", "revoked" … */
  async status(file) {
    const { id } = (await this.system()).authority;
    const ca = await fetchTo(`${this.url}/ca/${id}.cer`, this.file('check-ca.cer'));
    const pem = (der) => this.write('check-status.pem', run('openssl', ['x509', '-inform', 'DER', '-in', der]));
    const leaf = pem(file);
    const issuer = this.write('check-issuer.pem', run('openssl', ['x509', '-inform', 'DER', '-in', ca]));
    const said = run('openssl', ['ocsp', '-issuer', issuer, '-cert', leaf, '-url', `${this.url}/ocsp`, '-noverify']);
    return /check-status\.pem: (\w+)/.exec(said)?.[1] ?? said;
  }

  /** Enters an order and reviews it; the order, approved. */
  async approved(content) {
    const entered = await (await this.logIn('录入员')).post('/orders', { ...content, submit: true });
    expect(entered.state === 'submitted', entered.state);
    return (await this.logIn('审核员')).post(`/orders/${entered.id}/approval`, { version: entered.version });
  }
  /** Makes it; throws the problem. */
  async make(id) {
    const maker = await this.logIn('制证员');
    const { version } = await maker.get(`/orders/${id}`);
    return maker.post(`/orders/${id}/issuance`, { version });
  }
  async deliver(order) {
    const maker = await this.logIn('制证员');
    const objects = await maker.get(`/orders/${order.id}/certificates`);
    const delivered = await maker.post(`/orders/${order.id}/delivery`, { version: order.version });
    expect(delivered.state === 'delivered', delivered.state);
    return objects;
  }
  showOrder(id) {
    return this.logIn('制证员').then((maker) => maker.get(`/orders/${id}`));
  }

  /** What a supplier asks for, with this certificate request. */
  application(request) {
    const { name } = kSupplier;
    return {
      kind: 'application',
      applicant: kSupplier,
      template: 'organization-signing',
      subject: { attributes: { O: name, CN: name } },
      key: { algorithm: 'SM2', bits: 256 },
      request,
    };
  }
}
