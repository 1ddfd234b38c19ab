/** The public face of reminders: what other modules may use; nothing else is importable. */
export { RemindersModule } from './reminders.module.js';
