// The key management centre of the region and its people.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { carrierOf, expect, Operator, portal } from './support.mjs';

export const custodians = ['custodian-1', 'custodian-2', 'custodian-3'];

/** `folder`: where kmc.toml and the operators' key files are. */
export class KeyCentre {
  constructor(folder) {
    this.folder = folder;
    this.url = /^audience = "(.*)"$/m.exec(readFileSync(join(folder, 'kmc.toml'), 'utf8'))[1];
  }

  logIn(name) {
    return Operator.logIn(this.url, this.folder, name);
  }

  /** The administrators of the ceremony appoint the others (GM/T 0038 7.5 d to f). */
  async appoint() {
    const add = async (by, name, role, rights) => {
      const { certificate } = await carrierOf(this.folder, name);
      await by.post('/operators', { display_name: name, role, rights, certificate: portal.bytesToBase64(certificate) });
    };
    await add(await this.logIn('super-administrator'), 'business-administrator', 'business_administrator', []);
    const administrator = await this.logIn('business-administrator');
    await add(administrator, 'business-operator', 'business_operator', ['key.make', 'key.recover', 'authority.manage']);
    for (const name of custodians) await add(administrator, name, 'business_operator', ['key.custody']);
    await add(await this.logIn('audit-administrator'), 'auditor', 'auditor', ['audit.read', 'audit.verify', 'audit.mark']);
  }

  /** A custodian approves a case of recovery, as the console does it. */
  async approve(id, name) {
    const custodian = await this.logIn(name);
    const recovery = await custodian.get(`/recoveries/${id}`);
    const share = portal.shareForCase(await custodian.get('/custody'), recovery, custodian.carrier.key);
    return custodian.post(`/recoveries/${id}/approval`, { share });
  }

  /** Serves a CA no more ("suspended"), or again ("active"). */
  async serve(name, state) {
    const administrator = await this.logIn('business-administrator');
    const { items } = await administrator.get('/authorities');
    const { id, version } = items.find((one) => one.name === name);
    return administrator.send('PUT', `/authorities/${id}`, { version, state });
  }

  /** The key that was delivered for the certificate with this serial number. */
  async keyOf(serial, store) {
    const operator = await this.logIn('business-operator');
    const { items } = await operator.get(`/keys?store=${store}&certificate=${serial}`);
    expect(items.length === 1, `${items.length} keys of ${serial} in the store ${store}`);
    return items[0];
  }
}
