import { adviceOf, textOf, worst, type Group, type Item, type State } from './items';

/** What goes to the help desk. */
export interface CheckUpReport {
  format: 'hutong-check-up/1';
  reference: string;
  created_at: string;
  page: string;
  user_agent: string;
  result: State;
  groups: { id: string; result: State; items: object[] }[];
}

/** A number to quote: when, and four signs against mistaking one for another. */
export function newReference(now: Date, random: Uint8Array): string {
  const time = now.toISOString().slice(0, 19).replace(/[-:]/g, '').replace('T', '-');
  return `C-${time}-${Array.from(random.subarray(0, 2), (octet) => octet.toString(16).padStart(2, '0')).join('').toUpperCase()}`;
}

function written(found: Item): object {
  return {
    state: found.state,
    code: found.code,
    text_zh: textOf('zh', found),
    text_en: textOf('en', found),
    advice_zh: adviceOf('zh', found),
    advice_en: adviceOf('en', found),
    evidence: found.evidence ?? {},
  };
}

export function makeReport(reference: string, now: Date, groups: Group[]): CheckUpReport {
  return {
    format: 'hutong-check-up/1',
    reference,
    created_at: `${now.toISOString().slice(0, 19)}Z`,
    page: location.origin,
    user_agent: navigator.userAgent,
    result: worst(groups.flatMap(({ items }) => items))?.state ?? 'note',
    groups: groups.map(({ id, items }) => ({ id, result: worst(items)?.state ?? 'note', items: items.map(written) })),
  };
}
