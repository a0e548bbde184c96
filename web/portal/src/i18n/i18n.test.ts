import { describe, expect, it } from 'vitest';
import type { TrustListState } from '@/api/types';
import { en } from './en';
import { pickText, translate, type MessageKey } from './index';
import { zh } from './zh';

const keys = Object.keys(zh) as MessageKey[];
const slots = (text: string) => (text.match(/\{\w+\}/g) ?? []).sort();

describe('dictionaries', () => {
  it('have the same keys, none empty', () => {
    expect(Object.keys(en).sort()).toEqual([...keys].sort());
    expect(keys.filter((key) => !zh[key] || !en[key])).toEqual([]);
  });

  it('use the same arguments', () => {
    expect(keys.filter((key) => slots(zh[key]).join() !== slots(en[key]).join())).toEqual([]);
  });

  it('are Chinese and English', () => {
    const chinese = /[\u4e00-\u9fff]/;
    expect(keys.filter((key) => chinese.test(en[key]) && key !== 'pref.language')).toEqual([]);
  });
});

describe('states', () => {
  const states: Record<TrustListState, true> = { current: true, missing: true, expired: true, bad_signature: true, malformed: true };
  it.each(Object.keys(states))('of the trust list have a text: %s', (state) => {
    const key = `trust.state.${state}` as MessageKey;
    expect(translate('zh', key)).toMatch(/信任列表/);
    expect(translate('en', key)).toMatch(/trust list/i);
  });
});

describe('translate', () => {
  it('fills in arguments and leaves unknown ones visible', () => {
    expect(translate('en', 'trust.number', { n: 3 })).toBe('No. 3');
    expect(translate('en', 'trust.number')).toBe('No. {n}');
  });
});

describe('pickText', () => {
  it('reads the field of the language, else of the other', () => {
    expect(pickText('en', { name_zh: '甲', name_en: 'A' }, 'name')).toBe('A');
    expect(pickText('en', { name_zh: '甲', name_en: '' }, 'name')).toBe('甲');
    expect(pickText('zh', {}, 'name')).toBe('');
  });
});
