// What both sample pages share: the language, and how a result is shown.
const kLanguage = 'hutong.locale';

export function chinese() {
  return document.documentElement.lang === 'zh-CN';
}
export const say = (zh, en) => (chinese() ? zh : en);

function remembered(key) {
  try {
    return localStorage.getItem(key);
  } catch {
    return null; // storage is forbidden
  }
}

function setLanguage(language) {
  document.documentElement.lang = language === 'en' ? 'en' : 'zh-CN';
  document.title = document.querySelector(`h1 [lang="${language}"]`).textContent;
  try {
    localStorage.setItem(kLanguage, language);
  } catch {
    // it holds until the page is left
  }
}

export function startLanguage() {
  setLanguage(remembered(kLanguage) === 'en' ? 'en' : 'zh');
  document.querySelector('#language').addEventListener('click', () => setLanguage(chinese() ? 'en' : 'zh'));
}

export const field = (id) => document.querySelector(`#${id}`);

/** Runs what a button stands for and shows how it went in the output of its section. */
export function onClick(id, work) {
  const button = field(id);
  const output = button.closest('section').querySelector('output');
  button.addEventListener('click', async () => {
    button.disabled = true;
    output.className = '';
    output.textContent = say('请稍候；如出现证书助手窗口，请在其中操作。', 'One moment; if a window of the agent opens, answer it there.');
    try {
      output.textContent = (await work()) ?? say('完成', 'Done');
      output.className = 'good';
    } catch (error) {
      output.textContent = describe(error);
      output.className = 'bad';
    } finally {
      button.disabled = false;
    }
  });
}

function describe(error) {
  if (!error.code) return String(error.message ?? error);
  const tries = error.triesLeft === undefined ? '' : say(`\n剩余次数：${error.triesLeft}`, `\nTries left: ${error.triesLeft}`);
  return `${chinese() ? error.titleZh : error.title}\n${error.code}${error.detail ? ` · ${error.detail}` : ''}${tries}`;
}

/** Hands a Blob to the browser's download. */
export function save(name, blob) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
