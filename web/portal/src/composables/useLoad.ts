import { ref, shallowRef } from 'vue';
import { asProblem, type Problem } from '@/api/problem';

/** A value fetched once, its failure, and whether it is on the way. */
export function useLoad<T>(fetchValue: () => Promise<T>) {
  const value = shallowRef<T | null>(null);
  const problem = shallowRef<Problem | null>(null);
  const loading = ref(false);

  async function load(): Promise<void> {
    loading.value = true;
    problem.value = null;
    try {
      value.value = await fetchValue();
    } catch (error) {
      problem.value = asProblem(error);
    } finally {
      loading.value = false;
    }
  }

  return { value, problem, loading, load };
}
