// The SDK at work. A page of one's own imports '@hutong/sdk' instead.
import { Agent, toBase64 } from './hutong-sdk.js';
import { field, onClick, save, say, startLanguage } from './common.js';

startLanguage();
const agent = new Agent();
/** For scripts that play with the page. */
globalThis.agent = agent;

agent.on('tokens.changed', () => showTokens().catch(() => {}));

function application() {
  if (!field('application').value) throw new Error(say('没有选择介质：请先连接并插入介质。', 'No token is chosen: connect first and plug one in.'));
  return JSON.parse(field('application').value);
}
const place = () => ({ ...application(), container: field('container').value });
const purpose = (zh, en) => ({ purpose: say(zh, en) });

async function showTokens() {
  const { tokens } = await agent.listTokens();
  const applications = tokens.flatMap((token) => token.applications.map((one) => ({ token, one })));
  const chosen = field('application').value;
  field('application').replaceChildren(...applications.map(({ token, one }) => {
    const label = `${token.label || token.name} · ${one.application}${one.logged_in ? say('（已登录）', ' (logged in)') : ''}`;
    return new Option(label, JSON.stringify({ token: token.token, application: one.application }));
  }));
  if (chosen && [...field('application').options].some(({ value }) => value === chosen)) field('application').value = chosen;
  const containers = applications.flatMap(({ one }) => one.containers.map(({ container }) => container));
  field('containers').replaceChildren(...containers.map((name) => new Option(name)));
  return say(`介质 ${tokens.length} 个，容器 ${containers.length} 个`, `${tokens.length} tokens, ${containers.length} containers`);
}

async function certificateOf(use) {
  const at = JSON.stringify(place());
  const all = await agent.listCertificates();
  const found = all.find((one) => one.use === use && JSON.stringify({ token: one.token, application: one.application, container: one.container }) === at);
  if (!found) throw new Error(say('容器中没有所需的证书。', 'The container has no such certificate.'));
  return found.certificate;
}

onClick('connect', async () => {
  await agent.ready(purpose('使用开发示例页', 'Use the sample page'));
  const { version, origin } = await agent.hello();
  return say(`证书助手 ${version} 已连接，本网站 ${origin} 已获许可。\n`, `Agent ${version} is connected and allows this website, ${origin}.\n`) + (await showTokens());
});
onClick('status', async () => JSON.stringify(await agent.status(), null, 2));

onClick('login', async () => {
  await agent.login(application(), purpose('登录示例页', 'Log in to the sample page'));
  await showTokens();
  return say('已登录', 'Logged in');
});
onClick('logout', async () => {
  await agent.logout(application());
  await showTokens();
});
onClick('list', showTokens);
onClick('pin-state', async () => {
  const { user_pin: pin } = await agent.pinState(application());
  return say(`剩余 ${pin.tries_left} 次，共 ${pin.most_tries} 次`, `${pin.tries_left} of ${pin.most_tries} tries left`);
});
onClick('pin-change', async () => agent.changePin(application(), purpose('修改 PIN', 'Change the PIN')));
onClick('pin-unblock', async () => agent.unblockPin(application(), purpose('解锁 PIN', 'Unblock the PIN')));

onClick('generate', async () => {
  const key = await agent.generateKeys(place(), purpose('申请证书', 'Apply for certificates'));
  return say('公钥：', 'Public key: ') + key;
});
onClick('request', async () => {
  field('csr').value = await agent.createRequest(place(), field('subject').value, purpose('申请证书', 'Apply for certificates'));
});
onClick('import', async () => {
  const [signature, encryption, key] = ['signing-certificate', 'encryption-certificate', 'enveloped-key'].map((id) => field(id).value.replace(/\s/g, ''));
  if (key) await agent.importKeys(place(), key, undefined, purpose('写入证书', 'Write certificates'));
  const certificates = { ...(signature && { signature }), ...(encryption && { encryption }) };
  const written = await agent.importCertificates(place(), certificates, purpose('写入证书', 'Write certificates'));
  return say('已写入：', 'Written: ') + written.join(', ');
});

onClick('sign', async () => {
  const content = field('content').value;
  const { signature, certificate } = await agent.signData(place(), content, purpose('签署投标函', 'Sign the bid'));
  const valid = await agent.verifyData(content, signature, { certificate });
  if (!valid) throw new Error(say('签名与内容不符', 'The signature does not fit'));
  return `${say('签名正确', 'The signature is good')}\n${signature}`;
});
onClick('sign-message', async () => {
  const message = await agent.signMessage(place(), field('content').value, purpose('签署投标函', 'Sign the bid'));
  const report = await agent.verifyMessage(message);
  if (!report.signature_verified) throw new Error(say('签名与内容不符', 'The signature does not fit'));
  return `${say('签名正确', 'The signature is good')}\n${message}`;
});
onClick('challenge', async () => {
  // A server makes the challenge, keeps the nonce and verifies the answer; here the page plays it.
  const challenge = { audience: say('示例系统', 'Sample system'), nonce: toBase64(await agent.random(32)), time: new Date().toISOString().slice(0, 19) + 'Z' };
  const message = await agent.signChallenge(place(), challenge, purpose('登录示例系统', 'Log in to the sample system'));
  const { signers } = await agent.verifyMessage(message);
  const { subject } = await agent.certificateInfo(signers[0].certificate);
  return `${say('签署者', 'Signed by')} ${subject}\n${message}`;
});

function chosenFile() {
  const [file] = field('file').files;
  if (!file) throw new Error(say('请先选择文件。', 'Choose a file first.'));
  return file;
}
function progress(sent, total) {
  field('progress').hidden = false;
  field('progress').value = total ? sent / total : 1;
}
onClick('encrypt', async () => {
  const file = chosenFile();
  const envelope = await agent.encryptFile([await certificateOf('encryption')], file, { progress });
  save(`${file.name}.p7m`, envelope);
  return say(`已加密：${file.size} → ${envelope.size} 字节`, `Encrypted: ${file.size} → ${envelope.size} octets`);
});
onClick('decrypt', async () => {
  const file = chosenFile();
  const content = await agent.decryptFile(place(), file, { progress, ...purpose('打开加密文件', 'Open the encrypted file') });
  save(file.name.replace(/\.p7m$/, ''), content);
  return say(`已解密：${file.size} → ${content.size} 字节`, `Decrypted: ${file.size} → ${content.size} octets`);
});
