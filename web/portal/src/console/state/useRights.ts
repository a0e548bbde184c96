import { shallowRef } from 'vue';
import { fetchRights } from '@/console/api/operators';
import type { Right } from '@/console/api/types';
import { useTexts } from '@/console/i18n';

const catalogue = shallowRef<Right[]>([]);
let asked = false;

/** The program's catalogue of rights, fetched once, and their names in the language of the page. */
export function useRightNames() {
  const { locale } = useTexts();
  if (!asked) {
    asked = true;
    fetchRights().then(
      (found) => (catalogue.value = found.items),
      () => (asked = false), // the codes stand for themselves until the next page asks
    );
  }
  return {
    catalogue,
    nameOf: (code: string): string => catalogue.value.find((right) => right.code === code)?.[locale.value] ?? code,
  };
}
