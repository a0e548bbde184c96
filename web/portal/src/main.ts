import { createApp } from 'vue';
import App from './App.vue';
import { applyPreferences } from './composables/usePreferences';
import { router } from './router';
import './styles/element.css';
import './styles/tokens.css';
import './styles/base.css';
import './styles/print.css';

applyPreferences();
createApp(App).use(router).mount('#app');
