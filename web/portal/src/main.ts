import { fetchSystem } from './api/system';
import { applyPreferences } from './composables/usePreferences';
import './styles/element.css';
import './styles/tokens.css';
import './styles/base.css';
import './styles/print.css';

async function start(): Promise<void> {
  const system = await fetchSystem();
  if (system.program === 'hutong-platform') {
    (await import('./platform')).start();
  } else {
    (await import('./console')).start(system);
  }
}

applyPreferences();
void start();
