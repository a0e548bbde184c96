import { translate, type Locale, type MessageKey } from '@/i18n';
import type { AgentProblem } from '@hutong/sdk';

/** good: nothing to do; bad: it does not work until this is mended; warning: it works, look at it; note: for information. */
export type State = 'good' | 'bad' | 'warning' | 'note';
/** A value of a sentence; some come in two languages. */
export type Value = string | number | { zh: string; en: string };
export type GroupId = 'browser' | 'agent' | 'drivers' | 'tokens' | 'pins' | 'certificates' | 'trust' | 'trial';

/** One thing that was found. What it says is `checkup.<code>`, what to do about it `checkup.<code>.do`. */
export interface Item {
  state: State;
  code: ItemCode;
  values: Record<string, Value>;
  /** For the help desk: what the sentence leaves out. */
  evidence?: Record<string, unknown>;
  /** The report behind it. */
  link?: string;
}

export interface Group {
  id: GroupId;
  items: Item[];
}

type Prefixed = Extract<MessageKey, `item.${string}`>;
type Code<Key> = Key extends `item.${infer Rest}` ? (Rest extends `${string}.do` ? never : Rest) : never;
export type ItemCode = Code<Prefixed>;

export function item(state: State, code: ItemCode, values: Record<string, Value> = {}, evidence?: Record<string, unknown>): Item {
  return { state, code, values, ...(evidence && { evidence }) };
}

const kOrder: State[] = ['bad', 'warning', 'good', 'note'];

export function worst(items: Item[]): Item | undefined {
  return [...items].sort((one, other) => kOrder.indexOf(one.state) - kOrder.indexOf(other.state))[0];
}

function inLanguage(language: Locale, values: Record<string, Value>): Record<string, string | number> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, typeof value === 'object' ? value[language] : value]));
}

export function textOf(language: Locale, found: Item): string {
  return translate(language, `item.${found.code}`, inLanguage(language, found.values));
}

/** What to do; empty when there is nothing to do. */
export function adviceOf(language: Locale, found: Item): string {
  const key = `item.${found.code}.do`;
  const text = translate(language, key, inLanguage(language, found.values));
  return text === key ? '' : text;
}

/** How a problem of the agent is called, in both languages. */
export function problemText(problem: AgentProblem): Value {
  return { zh: problem.titleZh, en: problem.title };
}
export function problemEvidence(problem: AgentProblem): Record<string, unknown> {
  return { code: problem.code, detail: problem.detail };
}
