import type { Application, Token, TokenCertificate, TokenList } from '@hutong/sdk';
import { formatDate } from '@/lib/time';
import { item, type Item } from './items';

const kSoonDays = 30;
const kFewTries = 3;
const kDayMs = 86_400_000;

function called(token: Token): string {
  return token.label || token.name;
}

function tokenItem(token: Token): Item {
  const values = { token: called(token), serial: token.serial_number || '—', driver: token.driver };
  const { applications: _applications, ...facts } = token;
  const problem = token.problem ?? token.applications.find((one) => one.problem)?.problem;
  if (problem) return item('bad', 'token.problem', { ...values, code: problem.code }, { ...facts, problem });
  return item('good', 'token.good', values, facts);
}

export function tokenItems(list: TokenList): Item[] {
  return list.tokens.length === 0 ? [item('bad', 'token.none')] : list.tokens.map(tokenItem);
}

function pinItem(token: Token, application: Application): Item {
  const pin = application.user_pin;
  const values = { token: called(token), application: application.application, left: pin.tries_left, most: pin.most_tries };
  const evidence = { user_pin: pin, administrator_pin: application.administrator_pin };
  if (pin.tries_left === 0) {
    return item('bad', application.administrator_pin.tries_left === 0 ? 'pin.locked_for_good' : 'pin.locked', values, evidence);
  }
  if (pin.tries_left <= kFewTries && pin.tries_left < pin.most_tries) return item('warning', 'pin.few', values, evidence);
  if (pin.factory_default) return item('warning', 'pin.factory', values, evidence);
  return item('good', 'pin.good', values, evidence);
}

export function pinItems(list: TokenList): Item[] {
  return list.tokens.flatMap((token) => token.applications.filter((one) => !one.problem).map((one) => pinItem(token, one)));
}

export function holderOf(certificate: TokenCertificate): string {
  return certificate.subject_fields.find(({ type }) => type === 'CN')?.value ?? certificate.subject;
}

function validityItem(certificate: TokenCertificate, now: number): Item {
  const [begin, end] = [Date.parse(certificate.not_before), Date.parse(certificate.not_after)];
  const days = Math.floor((end - now) / kDayMs);
  const values = {
    name: holderOf(certificate),
    use: certificate.use === 'signature' ? { zh: '签名', en: 'signing' } : { zh: '加密', en: 'encryption' },
    from: formatDate(certificate.not_before),
    until: formatDate(certificate.not_after),
    days,
  };
  const { certificate: _der, ...evidence } = certificate;
  if (now < begin) return item('bad', 'certificate.not_yet', values, evidence);
  if (now > end) return item('bad', 'certificate.expired', values, evidence);
  if (days < kSoonDays) return item('warning', 'certificate.soon', values, evidence);
  return item('good', 'certificate.good', values, evidence);
}

/** Containers whose pair of keys and certificates is not complete. */
function incompleteItems(token: Token): Item[] {
  return token.applications.flatMap(({ containers }) => containers).flatMap(({ container, signature, encryption }) => {
    const values = { token: called(token), container };
    if (!signature?.certificate) return [item('warning', signature ? 'container.no_certificate' : 'container.empty', values)];
    return encryption?.certificate ? [] : [item('warning', 'container.no_encryption', values)];
  });
}

export function certificateItems(list: TokenList, certificates: TokenCertificate[], now: number): Item[] {
  const items = [...certificates.map((one) => validityItem(one, now)), ...list.tokens.flatMap(incompleteItems)];
  return certificates.length > 0 ? items : [item('bad', 'certificate.none'), ...items];
}
