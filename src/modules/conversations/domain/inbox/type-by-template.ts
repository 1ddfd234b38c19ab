/** What a conversation with a customer is about (S1.89). */
export const THREAD_TYPES = ['owner', 'guest'] as const;
export type ThreadType = (typeof THREAD_TYPES)[number];

export const TYPE_MATCHES = ['contains', 'starts_with', 'equals'] as const;

/** "A first template with such a name makes the conversation such a one" (C50). */
export interface TypeRule {
  readonly match: (typeof TYPE_MATCHES)[number];
  readonly pattern: string;
  readonly type: ThreadType;
}

/**
 * What the first template that a customer is sent makes of the conversation: the first rule that fits counts, without regard to case; a name
 * that none fits makes a guest. Undefined: the merchant has no rules (S1.89, C50).
 */
export function typeByTemplate(rules: readonly TypeRule[], templateName: string): ThreadType | undefined {
  if (rules.length === 0) return undefined;
  const name = templateName.toLowerCase();
  return rules.find(({ match, pattern }) => FITS[match](name, pattern.toLowerCase()))?.type ?? 'guest';
}

const FITS: Readonly<Record<TypeRule['match'], (name: string, pattern: string) => boolean>> = {
  contains: (name, pattern) => name.includes(pattern),
  starts_with: (name, pattern) => name.startsWith(pattern),
  equals: (name, pattern) => name === pattern,
};
