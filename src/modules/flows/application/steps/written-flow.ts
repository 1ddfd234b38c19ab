import type { Finding } from '../../domain/lint/finding.js';
import type { FlowView, StepView } from './flows.js';

/** What a change of a flow came to. */
export interface WrittenFlow {
  readonly flow: FlowView;
  /** The steps that were created or changed, in the order of the changes. */
  readonly written: readonly StepView[];
  /** Warnings and hints about what was written. */
  readonly findings: readonly Finding[];
}
