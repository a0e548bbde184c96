import { hasMessage, translate, type Locale } from '@/i18n';
import { shortName } from './names';
import { formatTime } from './time';

const kTime = /\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z/g;
const kQuotedName = /“([A-Za-z0-9.]+=[^”]*)”/g;
const kBracketed = /([（(])(\w+)([）)])/g;

/**
 * A finding's text as people read it: times in Beijing time like everywhere on the page, directory names by
 * their readable part, revocation reasons in the page's language. The JSON report keeps the original.
 */
export function humanize(message: string, locale: Locale): string {
  const text = message
    .replace(kTime, formatTime)
    .replace(kQuotedName, (_, name: string) => `“${shortName(name)}”`)
    .replace(kBracketed, (whole, open: string, word: string, close: string) => {
      const key = `revocation_reason.${word}`;
      return hasMessage(key) ? `${open}${translate(locale, key).toLowerCase()}${close}` : whole;
    });
  return locale === 'en' ? text.charAt(0).toUpperCase() + text.slice(1) : text;
}
