import type { ConsoleKey } from '@/console/i18n';

/** A line of a list in a form: texts as typed, by column. */
export type EntryRow = Record<string, string>;

export interface EntryColumn {
  key: string;
  label: ConsoleKey;
  required?: boolean;
  /** "amount": yuan with two decimals at most; "address": http or https. */
  form?: 'amount' | 'address';
  options?: { value: string; label: string }[];
}

export const isAddress = (text: string): boolean => /^https?:\/\/[^\s]+$/.test(text);

/** What is wrong with a cell; nothing when it is right. */
export function cellFault(column: EntryColumn, row: EntryRow): ConsoleKey | undefined {
  const text = row[column.key]?.trim() ?? '';
  if (!text) return column.required ? 'check.missing' : undefined;
  if (column.form === 'amount' && !/^\d{1,7}(\.\d{1,2})?$/.test(text)) return 'check.amount';
  if (column.form === 'address' && !isAddress(text)) return 'check.address';
  return undefined;
}

export function rowsAreRight(columns: readonly EntryColumn[], rows: readonly EntryRow[]): boolean {
  return rows.every((row) => columns.every((column) => !cellFault(column, row)));
}

/** What was typed, tidy; a cell left empty is absent. */
export function tidyRows<Entry>(rows: readonly EntryRow[]): Entry[] {
  return rows.map((row) => Object.fromEntries(Object.entries(row).flatMap(([key, text]) => (text.trim() ? [[key, text.trim()]] : []))) as Entry);
}
