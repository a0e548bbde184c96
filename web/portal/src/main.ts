import { fetchSystem } from './api/system';
import { applyPreferences } from './composables/usePreferences';
import './styles/element.css';
import './styles/tokens.css';
import './styles/base.css';
import './styles/print.css';

async function start(): Promise<void> {
  const system = await fetchSystem();
  const forOperators = system.operators && /^\/(console|login)(\/|$)/.test(location.pathname);
  if (system.program === 'hutong-platform' && !forOperators) {
    (await import('./platform')).start(system);
  } else {
    (await import('./console')).start(system);
  }
}

applyPreferences();
void start();
