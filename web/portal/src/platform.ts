import { createApp } from 'vue';
import App from './App.vue';
import { router } from './router';

/** The pages of hutong-platform. */
export function start(): void {
  createApp(App).use(router).mount('#app');
}
