// The pages as HTML. Whatever is put into the template `html` is escaped, unless it is the work of that template itself.
import { texts } from './texts.mjs';

class Html {
  constructor(text) {
    this.text = text;
  }
}

const kEscapes = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const escaped = (value) => String(value ?? '').replace(/[&<>"']/g, (character) => kEscapes[character]);
const written = (value) => (Array.isArray(value) ? value.map(written).join('') : value instanceof Html ? value.text : escaped(value));

export function html(parts, ...values) {
  return new Html(parts.reduce((text, part, at) => text + written(values[at - 1]) + part));
}

const pick = (source, name, language) => source[`${name}_${language}`] || source[`${name}_zh`];

/** A whole page. `view`: language, system (the configuration), user, and the text of the page. */
function page({ language, system, user }, title, content) {
  const t = (key) => texts[language][key] ?? key;
  const name = pick(system, 'name', language);
  return html`<!DOCTYPE html>
<html lang="${language === 'zh' ? 'zh-CN' : 'en'}">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>${title} · ${name}</title>
    <link rel="stylesheet" href="/style.css">
  </head>
  <body class="${system.id}">
    <header>
      <div class="inner">
        <a class="mark" href="/"><span class="seal" aria-hidden="true">${system.name_zh.replace('演示', '').slice(0, 1)}</span>${name}</a>
        <nav><span data-testid="who">${user?.name ?? t('anonymous')}</span><a href="/language?to=${language === 'zh' ? 'en' : 'zh'}" lang="${language === 'zh' ? 'en' : 'zh'}">${t('language')}</a></nav>
      </div>
    </header>
    <main>${content}</main>
    <footer>${t('demonstration')}</footer>
  </body>
</html>
`.text;
}

const button = (action, label, kind = '') => html`<form method="post" action="${action}"><button class="${kind}">${label}</button></form>`;

export function startPage(view, notice) {
  const t = (key) => texts[view.language][key] ?? key;
  return page(view, pick(view.system, 'name', view.language), html`
      ${notice ? html`<p class="notice" role="status">${t(notice)}</p>` : ''}
      <section class="card">
        <h1>${pick(view.system, 'name', view.language)}</h1>
        <p class="lead">${t('lead')}</p>
        ${button('/login', t('log_in'), 'primary')}
        <p class="soft">${t('how')}</p>
      </section>`);
}

function rowsOf({ language, user, region }) {
  const t = (key) => texts[language][key] ?? key;
  const roles = user.roles.map((role) => t(`role.${role}`)).join(language === 'zh' ? '、' : ', ');
  return [
    ['name', user.name],
    ...(user.uscc ? [['uscc', user.uscc]] : []),
    ['kind', t(`kind.${user.kind}`)],
    ['roles', roles || t('role.none')],
    ['vendor', language === 'zh' ? user.vendor : user.vendor_en || user.vendor],
    ['region', user.region ? `${region ? pick(region, 'name', language) : ''} ${user.region}`.trim() : t('unknown')],
    ['assurance', t(`assurance.${user.assurance}`)],
    ['since', new Date(user.auth_time * 1000).toLocaleString(language === 'zh' ? 'zh-CN' : 'en-GB', { timeZone: 'Asia/Shanghai' })],
    ['login_number', html`<code>${user.sid}</code> <span class="soft">${t('login_number_hint')}</span>`],
  ];
}

export function accountPage(view, notice) {
  const t = (key) => texts[view.language][key] ?? key;
  const { other } = view.system;
  return page(view, t('welcome'), html`
      ${notice ? html`<p class="notice" role="status">${t(notice)}</p>` : ''}
      <section class="card">
        <h1>${t('welcome')}</h1>
        <dl>${rowsOf(view).map(([key, value]) => html`<div><dt>${t(key)}</dt><dd data-testid="${key}">${value}</dd></div>`)}</dl>
        <div class="buttons">${button('/check', t('check'))}${button('/logout', t('log_out'))}</div>
        ${other ? html`<p>${t('other')} <a href="${other.address}">${pick(other, 'name', view.language)}</a></p>` : ''}
      </section>`);
}

/** `problem`: {code, detail}; the code of a text, or one of the provider’s. */
export function problemPage(view, problem) {
  const t = (key) => texts[view.language][key] ?? key;
  const words = texts[view.language][`error.${problem.code}`] ?? t('error.other');
  return page(view, t('failed'), html`
      <section class="card bad" role="alert">
        <h1>${t('failed')}</h1>
        <p class="lead" data-testid="reason">${words}</p>
        ${problem.detail ? html`<p class="soft">${problem.detail}</p>` : ''}
        <p class="soft">${t('code')} <code>${problem.code}</code></p>
        <div class="buttons">${button('/login', t('log_in'), 'primary')}<a class="button" href="/">${t('back')}</a></div>
      </section>`);
}

export function missingPage(view) {
  const t = (key) => texts[view.language][key] ?? key;
  return page(view, t('missing'), html`<section class="card"><h1>${t('missing')}</h1><p><a href="/">${t('back')}</a></p></section>`);
}
