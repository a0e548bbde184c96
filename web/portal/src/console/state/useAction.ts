import { ref, shallowRef } from 'vue';
import { asProblem, type Problem } from '@/api/problem';

/** One thing that a person sets off: whether it is running, and what went wrong the last time. */
export function useAction() {
  const busy = ref(false);
  const problem = shallowRef<Problem | null>(null);

  /** Runs it unless it is running; true when it succeeded. */
  async function run(action: () => Promise<unknown>): Promise<boolean> {
    if (busy.value) return false;
    busy.value = true;
    problem.value = null;
    try {
      await action();
      return true;
    } catch (error) {
      problem.value = asProblem(error);
      return false;
    } finally {
      busy.value = false;
    }
  }

  return { busy, problem, run };
}
