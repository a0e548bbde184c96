import { computed, ref, type Ref } from 'vue';
import { en } from './en';
import { zh } from './zh';

export type Locale = 'zh' | 'en';
export type MessageKey = keyof typeof zh;
type Arguments = Record<string, string | number>;

const dictionaries: Record<Locale, Record<string, string>> = { zh: { ...zh }, en: { ...en } };
const locale: Ref<Locale> = ref('zh');

export function setLocale(next: Locale): void {
  locale.value = next;
}

/** Texts of a part of the portal that is loaded on its own; its pages name their keys in `useI18n<Key>()`. */
export function addMessages(more: Record<Locale, Record<string, string>>): void {
  Object.assign(dictionaries.zh, more.zh);
  Object.assign(dictionaries.en, more.en);
}

/** The text of a key in a language; {name} is replaced by arguments.name. */
export function translate(language: Locale, key: string, values: Arguments = {}): string {
  return (dictionaries[language][key] ?? key).replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

/** Reads `<field>_zh` or `<field>_en` of an API object, falling back to the other language when empty. */
export function pickText(language: Locale, source: object, field: string): string {
  const texts = source as Record<string, unknown>;
  const wanted = texts[`${field}_${language}`];
  const other = texts[`${field}_${language === 'zh' ? 'en' : 'zh'}`];
  return String(wanted || other || '');
}

export function hasMessage(key: string): key is MessageKey {
  return key in dictionaries.zh;
}

/** Reactive access for components: texts follow the language switch. */
export function useI18n<Key extends string = MessageKey>() {
  return {
    locale: computed(() => locale.value),
    t: (key: Key, values?: Arguments) => translate(locale.value, key, values),
    /** Text of a key built at run time (a code of the API); the code itself when there is none. */
    lookup: (prefix: string, code: string) => {
      const key = `${prefix}.${code}`;
      return hasMessage(key) ? translate(locale.value, key) : code;
    },
    pick: (source: object, field: string) => pickText(locale.value, source, field),
  };
}
