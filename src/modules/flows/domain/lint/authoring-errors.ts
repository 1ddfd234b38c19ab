import { DomainError } from '../../../../kernel/domain-error.js';
import type { Finding, FindingPlace } from './finding.js';

/** A step that this merchant does not have. */
export class StepNotFound extends DomainError {
  readonly code = 'FLOW_TEMPLATE_NOT_FOUND';
  readonly kind = 'not-found';
  constructor(key: string) {
    super(`There is no flow template "${key}".`);
  }
}

/** Keys are unique per merchant (S2.36). */
export class StepKeyTaken extends DomainError {
  readonly code = 'FLOW_TEMPLATE_KEY_TAKEN';
  readonly kind = 'conflict';
  constructor(key: string) {
    super(`There is a flow template "${key}" already.`);
  }
}

/** Something still leads to a step that is to go. */
export class StepInUse extends DomainError {
  readonly code = 'STEP_IN_USE';
  readonly kind = 'conflict';
  override readonly extensions: { readonly usedBy: readonly FindingPlace[] };
  constructor(keys: readonly string[], usedBy: readonly FindingPlace[]) {
    super(`Something still leads to ${keys.join(', ')}: lead it elsewhere first, or cut it with \`force=true\`.`);
    this.extensions = { usedBy };
  }
}

/** Somebody else has changed it since it was read; nothing was kept. */
export class FlowChanged extends DomainError {
  readonly code = 'FLOW_CHANGED';
  readonly kind = 'conflict';
  override readonly extensions: { readonly version: number };
  /** @param version as it is now: of the flow, or of the step where that is what was to be changed */
  constructor(version: number) {
    super(`It has version ${version} by now: read it again, and then change it.`);
    this.extensions = { version };
  }
}

/** What was written cannot work, or is what the merchant takes none of; nothing was kept. */
export class FlowRefused extends DomainError {
  readonly code = 'FLOW_REFUSED';
  readonly kind = 'meaning';
  override readonly extensions: { readonly errors: readonly (Finding & { readonly path: string })[] };
  constructor(readonly findings: readonly Finding[]) {
    super(findings.length === 1 ? findings[0]!.message : `${findings.length} things cannot work.`);
    this.extensions = { errors: findings.map((finding) => ({ path: finding.where.field ?? '', ...finding })) };
  }
}
