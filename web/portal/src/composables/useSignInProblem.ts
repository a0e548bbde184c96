import { computed, type Ref } from 'vue';
import { Problem } from '@/api/problem';
import { hasMessage, useI18n } from '@/i18n';

/** What a refused sign-in says: our own words for its code, and what the platform said, in one language. */
export function useSignInProblem(problem: Ref<Problem | undefined>) {
  const { t, locale } = useI18n();
  /** The text of the page for a code, or for its family ("agent."). */
  const advice = computed(() => {
    const code = problem.value?.code ?? '';
    const key = [code, code.slice(0, code.indexOf('.')), 'other'].map((one) => `sign_in.because.${one}`).find(hasMessage);
    return key && t(key);
  });
  /** The platform says a reason in both languages: Chinese first, a full-width semicolon, English. What it says in one is for programs. */
  const shown = computed(() => {
    const { detail, code, status, title, reference } = problem.value ?? new Problem({ code: '' });
    const middle = detail.lastIndexOf('；');
    const words = middle < 0 ? '' : locale.value === 'zh' ? detail.slice(0, middle) : detail.slice(middle + 1).trim();
    return new Problem({ code, status, title, reference, detail: words });
  });
  return { advice, shown };
}
