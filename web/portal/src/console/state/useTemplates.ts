import { onMounted } from 'vue';
import { useLoad } from '@/composables/useLoad';
import { fetchOrderTemplates } from '@/console/api/ca';

/** What can be ordered, loaded with the page. */
export function useTemplates() {
  const loaded = useLoad(async () => (await fetchOrderTemplates()).items);
  onMounted(loaded.load);
  return loaded;
}
