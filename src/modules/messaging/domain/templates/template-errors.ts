import { DomainError } from '../../../../kernel/domain-error.js';
import type { TemplateFault } from './check-template.js';

/** The template cannot be sent as ordered; `errors` says each reason. */
export class TemplateRefused extends DomainError {
  readonly code = 'TEMPLATE_REFUSED';
  readonly kind = 'meaning';
  override readonly extensions: {
    readonly errors: readonly TemplateFault[];
    /** Languages that exist, when another was asked for. */
    readonly languages?: readonly string[];
  };
  constructor(name: string, errors: readonly TemplateFault[], languages?: readonly string[]) {
    super(`Template ${name} cannot be sent: ${errors.map(({ message }) => message).join(' ')}`);
    this.extensions = { errors, ...(languages && { languages }) };
  }
}

export class TemplateNotFound extends DomainError {
  readonly code = 'TEMPLATE_NOT_FOUND';
  readonly kind = 'not-found';
  constructor() {
    super('No connected account has such a template.');
  }
}

/** What was submitted breaks the provider's rules, which is known without asking it. */
export class TemplateInvalid extends DomainError {
  readonly code = 'TEMPLATE_INVALID';
  readonly kind = 'meaning';
  override readonly extensions: { readonly errors: readonly { readonly field: string; readonly message: string }[] };
  constructor(errors: readonly { readonly field: string; readonly message: string }[]) {
    super(`The template breaks the rules of WhatsApp: ${errors.map(({ message }) => message).join(' ')}`);
    this.extensions = { errors };
  }
}
