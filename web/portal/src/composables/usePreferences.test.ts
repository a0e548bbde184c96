import { beforeEach, expect, it } from 'vitest';
import { nextTick } from 'vue';
import { useI18n } from '@/i18n';
import { applyPreferences, usePreferences } from './usePreferences';

beforeEach(() => localStorage.clear());

it('switches language and text size on the page and remembers both', async () => {
  applyPreferences();
  const { toggleLocale, toggleText } = usePreferences();
  expect(document.documentElement.lang).toBe('zh-CN');
  toggleLocale();
  toggleText();
  await nextTick();
  expect(document.documentElement.lang).toBe('en');
  expect(document.documentElement.dataset.text).toBe('large');
  expect(useI18n().t('verdict.valid')).toBe('Valid');
  expect([localStorage.getItem('hutong.locale'), localStorage.getItem('hutong.large-text')]).toEqual(['en', 'yes']);
});
