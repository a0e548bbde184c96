/** Checks while typing; the server checks again. */
const kCreditAlphabet = '0123456789ABCDEFGHJKLMNPQRTUWXY'; // GB 32100: no I, O, S, V, Z
const kCreditWeights = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];
const kCitizenWeights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const kCitizenChecks = '10X98765432';

/** Unified social credit code: 18 characters, the last one checks the others (GB 32100 clause 5). */
export function isCreditCode(text: string): boolean {
  if (!/^[0-9A-HJ-NPQRTUWXY]{18}$/.test(text)) return false;
  const sum = kCreditWeights.reduce((total, weight, at) => total + weight * kCreditAlphabet.indexOf(text[at] as string), 0);
  return kCreditAlphabet[(31 - (sum % 31)) % 31] === text[17];
}

/** Citizen number: a date that exists, and the check character of GB 11643 (ISO 7064 MOD 11-2). */
export function isCitizenNumber(text: string): boolean {
  const [, year, month, day] = /^\d{6}(\d{4})(\d\d)(\d\d)\d{3}[\dX]$/.exec(text) ?? [];
  if (!year || !isDate(Number(year), Number(month), Number(day))) return false;
  const sum = kCitizenWeights.reduce((total, weight, at) => total + weight * Number(text[at]), 0);
  return kCitizenChecks[sum % 11] === text[17];
}

function isDate(year: number, month: number, day: number): boolean {
  const date = new Date(Date.UTC(year, month - 1, day));
  return year >= 1900 && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}

export type NumberKind = 'credit_code' | 'citizen_number';

/** Which number an applicant's text is; null for neither. */
export function numberKind(text: string): NumberKind | null {
  if (isCreditCode(text)) return 'credit_code';
  return isCitizenNumber(text) ? 'citizen_number' : null;
}

/** Typed numbers without the spaces and small letters people write. */
export function tidyNumber(text: string): string {
  return text.replace(/[\s-]/g, '').toUpperCase();
}

export function isPhone(text: string): boolean {
  return /^(1\d{10}|0\d{2,3}-?\d{7,8}|\+\d{6,15})$/.test(text);
}

export function isEmail(text: string): boolean {
  return /^[^\s@]+@[^\s@.]+(\.[^\s@.]+)+$/.test(text);
}

/** A host name as certificates hold it (RFC 5280 4.2.1.6): letters, digits and inner hyphens; one * may stand first. */
export function isDnsName(text: string): boolean {
  const label = '[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?';
  return text.length <= 253 && new RegExp(`^(\\*\\.)?(${label}\\.)+${label}$`, 'i').test(text);
}

/** What was typed with blanks, commas or line ends between. */
export function separated(text: string): string[] {
  return text.split(/[\s,，、;；]+/).filter(Boolean);
}

/** 盟市 of Inner Mongolia (GB/T 2260). */
export const kRegions: readonly { code: string; zh: string; en: string }[] = [
  { code: '150100', zh: '呼和浩特市', en: 'Hohhot' },
  { code: '150200', zh: '包头市', en: 'Baotou' },
  { code: '150300', zh: '乌海市', en: 'Wuhai' },
  { code: '150400', zh: '赤峰市', en: 'Chifeng' },
  { code: '150500', zh: '通辽市', en: 'Tongliao' },
  { code: '150600', zh: '鄂尔多斯市', en: 'Ordos' },
  { code: '150700', zh: '呼伦贝尔市', en: 'Hulunbuir' },
  { code: '150800', zh: '巴彦淖尔市', en: 'Bayannur' },
  { code: '150900', zh: '乌兰察布市', en: 'Ulanqab' },
  { code: '152200', zh: '兴安盟', en: 'Hinggan League' },
  { code: '152500', zh: '锡林郭勒盟', en: 'Xilingol League' },
  { code: '152900', zh: '阿拉善盟', en: 'Alxa League' },
];

/** What a league or city is called; the code of anything else. */
export function regionName(code: string, locale: 'zh' | 'en'): string {
  return kRegions.find((one) => one.code === code)?.[locale] ?? code;
}
