import { Command, Query } from '@nestjs/cqrs';
import type { Finding } from '../../domain/lint/finding.js';
import type { FlowChanges } from './flow-changes.js';
import type { FlowView, StepView } from './flows.js';

/** What a change of a flow came to. */
export interface WrittenFlow {
  readonly flow: FlowView;
  /** The steps that were created or changed, in the order of the changes. */
  readonly written: readonly StepView[];
  /** Warnings and hints about what was written. */
  readonly findings: readonly Finding[];
}

/**
 * Changes a merchant's flow, whole or not at all, one change after the other, and makes it the newest version. Errors of what is written
 * refuse it; what was there before and is not touched may have some.
 * @throws FlowRefused, StepKeyTaken, StepNotFound, StepInUse
 */
export class WriteFlow extends Command<WrittenFlow> {
  constructor(readonly changes: FlowChanges) {
    super();
  }
}

/** What `WriteFlow` would come to now; nothing is written. @throws what `WriteFlow` does */
export class TryFlowChanges extends Query<WrittenFlow> {
  constructor(readonly changes: FlowChanges) {
    super();
  }
}
