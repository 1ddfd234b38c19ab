/** The public face of integrations: what other modules may use; nothing else is importable. */
export { IntegrationsModule } from './integrations.module.js';
