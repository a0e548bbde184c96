import { shallowRef } from 'vue';
import type { System } from '@/api/system';

const system = shallowRef<System>({ program: 'hutong-ca', name: '' });

export function setSystem(found: System): void {
  system.value = found;
}

/** The program behind this page. */
export function useSystem() {
  return system;
}
