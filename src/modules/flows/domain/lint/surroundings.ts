import type { FlowStep } from '../flow-step.js';
import type { FindingCode } from './finding.js';

/** What is known around a flow. */
export interface Surroundings {
  /** Whole names of the variables that have a source: `customer.balance`. */
  readonly variables: ReadonlySet<string>;
  /** WhatsApp templates that may be sent, as `name/language`; undefined: not known. */
  readonly whatsappTemplates?: ReadonlySet<string> | undefined;
  /** What of a step cannot be sent, whatever its variables are: its file, its templates of WhatsApp's as they are filled. */
  readonly refusalsOf: (step: FlowStep) => readonly Refusal[];
  /** Whether a text, or what a button says, is heard as the wish to be written to no more. */
  readonly isStopWord: (text: string) => boolean;
}

export interface Refusal {
  readonly code: FindingCode;
  readonly field: string;
  readonly message: string;
}
