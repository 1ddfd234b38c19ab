import { ACCOUNT_MENU } from './account-menu.js';
import { ACCOUNT_NUMBER } from './account-number.js';
import { FEEDBACK } from './feedback.js';
import type { Preset } from './preset.js';

export const PRESETS: readonly Preset[] = [FEEDBACK, ACCOUNT_MENU, ACCOUNT_NUMBER];
