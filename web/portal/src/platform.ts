import { createApp } from 'vue';
import App from './App.vue';
import type { System } from './api/system';
import { router } from './router';

/** The public pages of hutong-platform; its operators' pages are those of src/console. */
export function start(system: System): void {
  createApp(App, { operators: system.operators ?? false }).use(router).mount('#app');
}
