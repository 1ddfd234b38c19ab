/** `error`: it cannot work, or the merchant wants no such thing, and is not kept. `warning`: it works otherwise than it looks. `info`: it may be meant so. */
export type Severity = 'error' | 'warning' | 'info';

/** Where in the flow; all left out: the flow as a whole. */
export interface FindingPlace {
  /** Key of the step. */
  readonly templateKey?: string;
  readonly ruleId?: string;
  /** As the API names it: `buttons[1].title`, `match.values[0]`, `fallbackTemplateKey`. */
  readonly field?: string;
}

/** Something about a flow that its merchant should know (D16). */
export interface Finding {
  readonly severity: Severity;
  /** Stable. */
  readonly code: FindingCode;
  readonly where: FindingPlace;
  /** For people. */
  readonly message: string;
}

export const FINDING_CODES = [
  'KEY_REFUSED',
  'TEXT_MISSING',
  'TEXT_TOO_LONG',
  'TITLE_TOO_LONG',
  'TITLE_SHOWN_IN_A_LIST',
  'BUTTONS_MISSING',
  'TOO_MANY_BUTTONS',
  'DUPLICATE_TITLE',
  'DUPLICATE_BUTTON_ID',
  'BUTTON_ID_REFUSED',
  'NOT_OF_THIS_KIND',
  'MEDIA_MISSING',
  'MEDIA_LINK_REFUSED',
  'MEDIA_NOT_FOUND',
  'MEDIA_NOT_SENDABLE',
  'WHATSAPP_TEMPLATE_MISSING',
  'WHATSAPP_TEMPLATE_REFUSED',
  'WHATSAPP_TEMPLATE_NOT_APPROVED',
  'ANSWER_NAME_REFUSED',
  'NEVER_ANSWERED',
  'REGEX_REFUSED',
  'DEAD_BUTTON_ID',
  'NOT_A_VARIABLE',
  'VARIABLE_WITHOUT_SOURCE',
  'ANSWER_NEVER_ASKED',
  'UNKNOWN_TEMPLATE_KEY',
  'INACTIVE_TEMPLATE_KEY',
  'UNREACHABLE',
  'DEAD_END',
  'ENDLESS_QUESTIONS',
  'LOOP_WITHOUT_EXIT',
  'TRANSLATION_MISSING',
  'DUPLICATE_RULE_ID',
  'RULE_MATCHES_NOTHING',
  'RULE_SHADOWED',
  'STOP_WORD',
  'NO_FALLBACK',
  'TOO_MUCH',
] as const;
export type FindingCode = (typeof FINDING_CODES)[number];
