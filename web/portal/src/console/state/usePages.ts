import { type Ref, ref, type ShallowRef, shallowRef } from 'vue';
import { asProblem, type Problem } from '@/api/problem';
import type { Page } from '@/console/api/types';

export interface Pages<T> {
  items: ShallowRef<readonly T[]>;
  next: Ref<string | undefined>;
  problem: ShallowRef<Problem | null>;
  loading: Ref<boolean>;
  load: () => Promise<void>;
  more: () => Promise<void>;
}

/** A list that comes in pages: the items so far, and whether there are more. A later start replaces an earlier one. */
export function usePages<T>(fetchPage: (cursor?: string) => Promise<Page<T>>): Pages<T> {
  const items = shallowRef<readonly T[]>([]);
  const next = ref<string>();
  const problem = shallowRef<Problem | null>(null);
  const loading = ref(false);
  let running = 0;

  async function load(cursor?: string): Promise<void> {
    const mine = ++running;
    loading.value = true;
    problem.value = null;
    try {
      const page = await fetchPage(cursor);
      if (mine !== running) return;
      items.value = cursor ? [...items.value, ...page.items] : page.items;
      next.value = page.next;
    } catch (error) {
      if (mine === running) problem.value = asProblem(error);
    } finally {
      if (mine === running) loading.value = false;
    }
  }

  return { items, next, problem, loading, load: () => load(), more: () => load(next.value) };
}
