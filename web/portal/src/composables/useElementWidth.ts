import { onBeforeUnmount, onMounted, ref, type Ref } from 'vue';

/** Width of an element in CSS pixels; 0 until it is laid out. */
export function useElementWidth(element: Ref<HTMLElement | undefined>): Ref<number> {
  const width = ref(0);
  let observer: ResizeObserver | null = null;
  onMounted(() => {
    if (!element.value || typeof ResizeObserver === 'undefined') return;
    observer = new ResizeObserver(([entry]) => {
      width.value = entry?.contentRect.width ?? 0;
    });
    observer.observe(element.value);
  });
  onBeforeUnmount(() => observer?.disconnect());
  return width;
}
