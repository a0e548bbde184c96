import type { Making } from '@/console/api/kmcTypes';

interface Look {
  at: number;
  items: Making[];
}

/** Keys per second between two looks at the orders; an order that the first look did not show counts from zero. */
export function makingRate(before: Look, now: Look): number {
  const seconds = (now.at - before.at) / 1000;
  if (seconds <= 0) return 0;
  const madeBefore = new Map(before.items.map((item) => [item.id, item.made]));
  const made = now.items.reduce((sum, item) => sum + Math.max(0, item.made - (madeBefore.get(item.id) ?? 0)), 0);
  return made / seconds;
}
