import { DomainError } from '../../../../kernel/domain-error.js';

/** What a canned reply may name in double braces. */
export const REPLY_VARIABLES = ['contact.name', 'contact.phone', 'agent.name', 'merchant.name', 'reference'] as const;
export type ReplyVariable = (typeof REPLY_VARIABLES)[number];

export class UnknownReplyVariable extends DomainError {
  readonly code = 'UNKNOWN_REPLY_VARIABLE';
  readonly kind = 'meaning';
  override readonly extensions: { unknown: readonly string[]; known: readonly string[] };
  constructor(unknown: readonly string[]) {
    super(
      `A reply may name ${REPLY_VARIABLES.map((name) => `{{${name}}}`).join(', ')}, and not ${unknown.join(', ')}.`,
    );
    this.extensions = { unknown, known: REPLY_VARIABLES };
  }
}

export class CannedReplyNotFound extends DomainError {
  readonly code = 'CANNED_REPLY_NOT_FOUND';
  readonly kind = 'not-found';
  constructor() {
    super('There is no such canned reply.');
  }
}

export class ShortcutTaken extends DomainError {
  readonly code = 'SHORTCUT_TAKEN';
  readonly kind = 'conflict';
  constructor() {
    super('A canned reply has this shortcut already.');
  }
}

/** The area does not exist, or is not one of the caller's. */
export class ReplyAreaNotFound extends DomainError {
  readonly code = 'AREA_NOT_FOUND';
  readonly kind = 'not-found';
  constructor() {
    super('There is no such area.');
  }
}

const NAMED = /\{\{\s*([^{}]*?)\s*\}\}/g;

/** @throws UnknownReplyVariable */
export function checkVariables(body: string): void {
  const unknown = [...body.matchAll(NAMED)].map(([, name]) => name!).filter((name) => !isVariable(name));
  if (unknown.length > 0) throw new UnknownReplyVariable([...new Set(unknown)]);
}

/** The text with its variables filled in. What has no value is left out of it and listed; a value is never read as a variable. */
export function renderReply(
  body: string,
  values: Readonly<Record<ReplyVariable, string | null>>,
): { readonly text: string; readonly missing: readonly ReplyVariable[] } {
  const missing = new Set<ReplyVariable>();
  const text = body.replace(NAMED, (written, name: string) => {
    if (!isVariable(name)) return written;
    const value = values[name];
    if (value === null || value === '') missing.add(name);
    return value ?? '';
  });
  return { text, missing: [...missing] };
}

function isVariable(name: string): name is ReplyVariable {
  return (REPLY_VARIABLES as readonly string[]).includes(name);
}
