import type { Locale } from '@/i18n';
import { parseDer, type Element } from './der';
import { tagName, valueText } from './describe';

export interface OutlineLine {
  depth: number;
  offset: number;
  length: number;
  tag: string;
  value: string;
}

/** The elements of a DER value in reading order, at most `limit`; null when it is not DER. */
export function outline(der: Uint8Array, locale: Locale, limit = 2_000): OutlineLine[] | null {
  const lines: OutlineLine[] = [];
  const visit = (element: Element, depth: number) => {
    if (lines.length >= limit) return;
    const length = element.end - element.valueStart;
    lines.push({ depth, offset: element.start, length, tag: tagName(element), value: valueText(der, element, locale) });
    element.children.forEach((child) => visit(child, depth + 1));
  };
  try {
    visit(parseDer(der), 0);
    return lines;
  } catch {
    return null;
  }
}
