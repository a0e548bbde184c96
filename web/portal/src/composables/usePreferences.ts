import { ref, watchEffect } from 'vue';
import { setLocale, type Locale } from '@/i18n';

const kLocaleKey = 'hutong.locale';
const kTextKey = 'hutong.large-text';

const locale = ref<Locale>(stored(kLocaleKey) === 'en' ? 'en' : 'zh');
const largeText = ref(stored(kTextKey) === 'yes');

/** Storage can be forbidden (private windows, policies); the page then simply forgets. */
function stored(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

function store(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    // Nothing to do: the choice holds until the page is left.
  }
}

/** Applies and remembers language and text size; call once at start. */
export function applyPreferences(): void {
  watchEffect(() => {
    setLocale(locale.value);
    document.documentElement.lang = locale.value === 'zh' ? 'zh-CN' : 'en';
    store(kLocaleKey, locale.value);
  });
  watchEffect(() => {
    document.documentElement.dataset.text = largeText.value ? 'large' : 'normal';
    store(kTextKey, largeText.value ? 'yes' : 'no');
  });
}

export function usePreferences() {
  return {
    locale,
    largeText,
    toggleLocale: () => {
      locale.value = locale.value === 'zh' ? 'en' : 'zh';
    },
    toggleText: () => {
      largeText.value = !largeText.value;
    },
  };
}
