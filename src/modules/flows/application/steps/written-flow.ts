import type { Finding, FindingPlace } from '../../domain/lint/finding.js';
import type { FlowView, StepView } from './flows.js';

/** What a change of a flow came to. */
export interface WrittenFlow {
  readonly flow: FlowView;
  /** The steps that were created or changed, in the order of the changes; behind them those that something was cut from. */
  readonly written: readonly StepView[];
  /** What led to removed steps, and leads there no more. */
  readonly cut: readonly FindingPlace[];
  /** Warnings and hints about what was written, and what else is to be said that was not before. */
  readonly findings: readonly Finding[];
}
