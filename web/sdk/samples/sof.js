// A page written for a vendor's script: the SOF_ functions are globals, some are called with a callback, some as promises.
import { field, onClick, say, startLanguage } from './common.js';

startLanguage();
const kNotSupported = 0x0b000002;
const files = globalThis.Hutong.sof.files;

const user = () => field('user').value;
function chosen() {
  if (!user()) throw new Error(say('没有证书：请先列出证书并插入介质。', 'No certificate: list them first and plug a token in.'));
  return user();
}
async function succeed(value) {
  if (value) return value;
  const [code, text] = [await SOF_GetLastError(), await SOF_GetLastErrMsg()];
  throw new Error(`0x${code.toString(16).toUpperCase().padStart(8, '0')} ${text}`);
}

onClick('users', async () => {
  const list = await SOF_GetUserList();
  const entries = list.split('&&&').filter(Boolean);
  field('user').replaceChildren(...entries.map((entry) => {
    const at = entry.lastIndexOf('||');
    return new Option(entry.slice(0, at), entry.slice(at + 2));
  }));
  if (entries.length === 0 && (await SOF_GetLastError())) await succeed('');
  return say(`证书 ${entries.length} 个`, `${entries.length} certificates`);
});
// In the callback form of vendors' scripts.
onClick('login', () => new Promise((done, fail) => {
  SOF_Login(chosen(), '', ({ retVal }) => succeed(retVal).then(() => done(say('已登录', 'Logged in')), fail));
}));
onClick('change', async () => void (await succeed(await SOF_ChangePassWd(chosen(), '', ''))));

/** Each function with what counts as right: a test of its value, or the error that the documentation names. */
function calls(id, text) {
  const made = {}; // what later calls need of earlier ones
  const keep = (name, value) => (made[name] = value);
  const filled = (value) => value !== '';
  return [
    ['SOF_GetVersion', () => SOF_GetVersion(), filled],
    ['SOF_SetSignMethod', () => SOF_SetSignMethod(0x00020201), true],
    ['SOF_GetSignMethod', () => SOF_GetSignMethod(), 0x00020201],
    ['SOF_SetEncryptMethod', () => SOF_SetEncryptMethod(0x402), true],
    ['SOF_GetEncryptMethod', () => SOF_GetEncryptMethod(), 0x402],
    ['SOF_GetUserList', () => SOF_GetUserList(), (value) => value.endsWith('&&&')],
    ['SOF_ExportUserCert', async () => keep('certificate', await SOF_ExportUserCert(id)), filled],
    ['SOF_ExportExchangeUserCert', async () => keep('exchange', await SOF_ExportExchangeUserCert(id)), filled],
    ['SOF_Login', () => SOF_Login(id, ''), true],
    ['SOF_GetPinRetryCount', () => SOF_GetPinRetryCount(id), (value) => value > 0],
    ['SOF_GetCertInfo', () => SOF_GetCertInfo(made.certificate, 0x31), filled],
    ['SOF_GetCertInfoByOid', () => SOF_GetCertInfoByOid(made.certificate, '2.5.29.15'), filled],
    ['SOF_GetDeviceInfo', () => SOF_GetDeviceInfo(id, 0x208), filled],
    ['SOF_ValidateCert', () => SOF_ValidateCert(made.certificate), (value) => value <= 0 && value >= -6],
    ['SOF_SignData', async () => keep('signature', await SOF_SignData(id, text)), filled],
    ['SOF_VerifySignedData', () => SOF_VerifySignedData(made.certificate, text, made.signature), true],
    ['SOF_SignFile', async () => keep('fileSignature', await SOF_SignFile(id, 'bid.txt')), filled],
    ['SOF_VerifySignedFile', () => SOF_VerifySignedFile(made.certificate, 'bid.txt', made.fileSignature), true],
    ['SOF_EncryptData', async () => keep('envelope', await SOF_EncryptData(made.exchange, text)), filled],
    ['SOF_DecryptData', () => SOF_DecryptData(id, made.envelope), text],
    ['SOF_EncryptFile', () => SOF_EncryptFile(made.exchange, 'bid.txt', 'bid.p7m'), true],
    ['SOF_DecryptFile', async () => (await SOF_DecryptFile(id, 'bid.p7m', 'again.txt')) && files.get('again.txt').text(), text],
    ['SOF_SignMessage', async () => keep('message', await SOF_SignMessage(0, id, text)), filled],
    ['SOF_VerifySignedMessage', () => SOF_VerifySignedMessage(made.message, text), true],
    ['SOF_GetInfoFromSignedMessage', () => SOF_GetInfoFromSignedMessage(made.message, 1), text],
    ['SOF_SignDataXML', () => SOF_SignDataXML(id, '<bid/>'), kNotSupported],
    ['SOF_VerifySignedDataXML', () => SOF_VerifySignedDataXML('<bid/>'), kNotSupported],
    ['SOF_GetXMLSignatureInfo', () => SOF_GetXMLSignatureInfo('<bid/>', 1), kNotSupported],
    ['SOF_GenRandom', () => SOF_GenRandom(16), (value) => atob(value).length === 16],
    ['SOF_SignDataBase64', () => SOF_SignDataBase64(id, btoa('bid')), filled],
    ['SOF_SignDataByP7', () => SOF_SignDataByP7(id, text), filled],
    ['SOF_DigestData', () => SOF_DigestData(text), (value) => atob(value).length === 32],
    ['SOF_SetDigestMethod', () => SOF_SetDigestMethod(1), true],
    ['SOF_SetEncryptMethodAndIV', () => SOF_SetEncryptMethodAndIV(0x402, ''), kNotSupported],
    ['SOF_SetUserID', () => SOF_SetUserID(''), true],
    ['SOF_LoginEx', () => SOF_LoginEx(id, ''), true],
    ['SOF_IsLogin', () => SOF_IsLogin(id), true],
    ['SOF_GetDeviceInstance', () => SOF_GetDeviceInstance(id), filled],
    ['SOF_GetLastErrMsg', () => SOF_GetLastErrMsg(), filled],
    ['SOF_GetLastError', () => SOF_GetLastError(), 0],
    ['SOF_ChangePassWd', () => SOF_ChangePassWd(id, '', ''), true],
    ['SOF_Logout', () => SOF_Logout(id), true],
  ];
}

function shorten(value) {
  const text = String(value);
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}

function show(name, passed, value, note) {
  const row = document.createElement('tr');
  row.dataset.state = passed ? 'passed' : 'failed';
  row.dataset.function = name;
  const cells = [name, passed ? say('✔ 符合', '✔ as expected') : say('✘ 不符', '✘ not so'), note ?? shorten(value)];
  cells.forEach((content, index) => {
    const cell = row.insertCell();
    cell.className = index === 1 ? 'state' : '';
    const holder = index === 0 ? document.createElement('code') : cell;
    holder.textContent = content;
    if (index === 0) cell.append(holder);
  });
  field('calls').append(row);
}

onClick('all', async () => {
  const [id, text] = [chosen(), field('text').value];
  files.set('bid.txt', new Blob([text]));
  field('calls').replaceChildren();
  field('calls').closest('table').hidden = false;
  let good = 0;
  const all = calls(id, text);
  for (const [name, call, wanted] of all) {
    const value = await call();
    const error = name.startsWith('SOF_GetLastErr') ? 0 : await SOF_GetLastError();
    const refusal = wanted === kNotSupported && (value === '' || value === false);
    const passed = refusal ? error === kNotSupported : typeof wanted === 'function' ? wanted(value) : value === wanted;
    const code = error ? `0x${error.toString(16).toUpperCase().padStart(8, '0')}` : '';
    show(name, passed, value, refusal ? say(`不支持，${code}`, `not supported, ${code}`) : code && !passed ? `${shorten(value)} ${code}` : undefined);
    good += Number(passed);
  }
  if (good < all.length) throw new Error(say(`${all.length} 个函数中 ${all.length - good} 个不符`, `${all.length - good} of ${all.length} functions not as expected`));
  return say(`${all.length} 个函数全部符合文档`, `All ${all.length} functions do what is documented`);
});
