import { createApp } from 'vue';
import type { System } from '@/api/system';
import './console.css';
import { watchSessions } from './api/login';
import ConsoleApp from './ConsoleApp.vue';
import { makeRouter } from './router';
import { setSystem } from './state/useSystem';

/** The pages of operators, and all of hutong-ca. */
export function start(system: System): void {
  setSystem(system);
  watchSessions();
  createApp(ConsoleApp).use(makeRouter(system)).mount('#app');
}
