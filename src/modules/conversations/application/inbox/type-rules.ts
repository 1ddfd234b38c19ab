import type { TypeRule } from '../../domain/inbox/type-by-template.js';
import type { InboxPreset } from '../../domain/inbox/inbox-presets.js';

/** The merchant's rules about types of conversations, in the order in which they count. */
export abstract class TypeRules {
  abstract all(): Promise<readonly TypeRule[]>;
  abstract replace(rules: readonly TypeRule[]): Promise<void>;
  /** Adds a preset's rules about replies; those that are there already stay as they are. */
  abstract addReplyRules(rules: InboxPreset['replyRules']): Promise<void>;
}
