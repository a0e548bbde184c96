// The prepared reports of the fixture server. Certificates in fixtures.json were made with OpenSSL.
import { createHash, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';

const { leaf, sub, root } = JSON.parse(readFileSync(new URL('./fixtures.json', import.meta.url), 'utf8'));

const example = (name, expected, title_zh, title_en, hint_zh, hint_en, more = {}) => ({ name, expected, title_zh, title_en, hint_zh, hint_en, ...more });
export const examples = [
  example('good.cer', 'valid', '有效的证书', 'A good certificate', '由受信任的演示CA甲签发', 'Issued by the trusted demo CA A'),
  example('expired.cer', 'invalid', '过期的证书', 'An expired certificate', '有效期已于上月结束', 'Its validity ended last month'),
  example('revoked.cer', 'invalid', '被吊销的证书', 'A revoked certificate', '持有人报失后被吊销', 'Revoked after its holder lost the key'),
  example('forged.cer', 'invalid', '伪造的证书', 'A forged certificate', '签名与签发者的公钥不符', 'Its signature does not match the issuer'),
  example('stranger.cer', 'indeterminate', '来历不明的证书', 'A stranger', '签发者不在信任列表中', 'Its issuer is not on the trust list'),
  example('signed.p7', 'valid', '签名消息', 'A signed message', '含原文与两个签名', 'With content and two signers'),
  example('detached.p7s', 'valid', '分离签名', 'A detached signature', '与原文一起验证', 'Verified with its content', { content: 'content.txt' }),
  example('user.crl', 'valid', '吊销列表', 'A revocation list', '演示CA甲的最新吊销列表', 'The latest list of demo CA A'),
];

const finding = (severity, code, where, clause, message_zh, message_en) => ({ code, severity, where, clause, message_zh, message_en });
const kinds = {
  revoked: [finding('error', 'revocation.revoked', 'chain[0]', 'RFC 5280 6.3', '证书已于 2026-11-01 被吊销，原因：密钥泄露', 'The certificate was revoked on 2026-11-01: key compromise')],
  expired: [finding('error', 'path.expired', 'chain[0].validity', 'RFC 5280 6.1.3 (a)(2)', '证书在验证时间已过期', 'The certificate had expired at the validation time')],
  forged: [finding('error', 'path.signature_invalid', 'chain[0].signature', 'RFC 5280 6.1.3 (a)(1)', '证书签名与签发者的公钥不符，证书可能是伪造的', 'The signature does not match the issuer’s key; the certificate may be forged')],
  stranger: [finding('undecided', 'path.no_trusted_issuer', 'chain[0]', 'RFC 5280 6.1', '在信任列表中找不到签发者', 'The issuer is not on the trust list')],
  broken: [finding('error', 'file.not_recognised', 'file', 'X.690 8.1', '文件不是可识别的证书、吊销列表或签名消息（第 4 字节处结构中断）', 'The file is no certificate, revocation list or signed message that can be read (it breaks off at byte 4)')],
  detached: [finding('undecided', 'cms.missing_content', 'file', 'GM/T 0010 9.1', '分离签名缺少原文，无法核对内容', 'The detached signature comes without its content')],
};
const notes = [
  finding('warning', 'lint.validity_long', 'chain[0].validity', 'GB/T 20518 5.2.3.5', '有效期长于建议值', 'The validity period is longer than recommended'),
  finding('info', 'quirk.printable_chars', 'chain[1].subject', 'X.680 41.4', '按厂商特例接受：可打印字符串含下划线', 'Accepted as a quirk of the vendor: underscore in a PrintableString'),
];

function chainFor(name) {
  if (name === 'broken') return [];
  if (name === 'stranger') return [leaf];
  const first = { ...leaf };
  if (name === 'revoked') Object.assign(first, { status: 'revoked', revoked_at: '2026-11-01T02:00:00Z', revocation_reason: 'keyCompromise' });
  if (name === 'expired') Object.assign(first, { not_before: '2024-10-20T00:00:00Z', not_after: '2026-10-20T00:00:00Z' });
  return [first, sub, root];
}

function detailsFor(name, indication, at, findings) {
  const signer = { indication, subject: leaf.subject, signing_time: '2026-11-22T07:30:00Z', digest: 'SM3', chain: chainFor('good'), findings };
  const message = { type: 'gmt0010', content_size: 1532, content_sm3: sub.sm3, detached: name === 'detached', certificates: 2 };
  const second = { ...signer, timestamp: { time: at, indication: 'valid', tsa: 'CN=演示时间戳,O=演示CA甲有限公司,C=CN' } };
  if (name === 'signed') return { kind: 'signed_message', message, signers: [signer, second] };
  if (name === 'detached') return { kind: 'detached_signature', message, signers: [signer] };
  if (name === 'user') return { kind: 'crl', crl: crl(), chain: [sub, root] };
  return { kind: name === 'broken' ? 'unknown' : 'certificate' };
}

function crl() {
  const revoked_sample = Array.from({ length: 5 }, (_, index) => ({ serial: randomBytes(8).toString('hex'), revoked_at: `2026-10-0${index + 1}T00:00:00Z`, reason: 'superseded' }));
  return { issuer: sub.subject, this_update: '2026-11-22T00:00:00Z', next_update: '2026-11-23T00:00:00Z', number: '211', entries: 12345, is_delta: false, distribution_points: ['http://crl.example.cn/demo/user.crl'], revoked_sample };
}

export function buildReport(fileName, { at = new Date().toISOString(), hasContent, size, trustList }) {
  const base = fileName.replace(/\..*/, '');
  const known = examples.some((item) => item.name === fileName);
  const name = known ? base : 'broken';
  const decisive = name === 'detached' && hasContent ? [] : (kinds[name] ?? []);
  const findings = name === 'broken' ? decisive : [...decisive, ...notes];
  const indication = { error: 'invalid', undecided: 'indeterminate' }[decisive[0]?.severity] ?? 'valid';
  const { services, state, ...list } = trustList;
  return {
    id: `01J${randomBytes(12).toString('hex').toUpperCase().slice(0, 23)}`,
    indication,
    at,
    created_at: new Date().toISOString(),
    file: { name: fileName, size, sm3: createHash('sm3').update(fileName).digest('hex'), encoding: 'der' },
    findings,
    chain: chainFor(name),
    revocation: name === 'broken' ? [] : [{ kind: 'crl', issuer: sub.subject, this_update: '2026-11-22T00:00:00Z', next_update: '2026-11-23T00:00:00Z', number: '211', sm3: sub.sm3, used_for: 'chain[0]' }],
    trust_list: state === 'current' ? list : null,
    ...detailsFor(name, indication, at, findings),
  };
}
