import type { TypeRule } from './type-by-template.js';

/** Rules that come ready made. */
export interface InboxPreset {
  readonly name: string;
  readonly about: string;
  readonly typeRules: readonly TypeRule[];
  readonly replyRules: readonly {
    readonly templateName: string;
    readonly reply: string;
    readonly sendTemplate: string;
  }[];
}

/** Owners and guests of villas, as the inbox's source had them (S1.9, S1.89). */
export const VILLA_RENTALS: InboxPreset = {
  name: 'villa-rentals',
  about: 'Owners and guests by the first template; whoever answers Yes to first_template is sent guest_questions.',
  typeRules: [
    { match: 'contains', pattern: 'owners_template', type: 'owner' },
    { match: 'starts_with', pattern: 'owner', type: 'owner' },
  ],
  replyRules: [{ templateName: 'first_template', reply: 'Yes', sendTemplate: 'guest_questions' }],
};

export const INBOX_PRESETS: readonly InboxPreset[] = [VILLA_RENTALS];
