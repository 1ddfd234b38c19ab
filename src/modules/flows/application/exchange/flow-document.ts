import type { RuleContent, StepContent } from '../steps/flow-changes.js';

/** A whole flow as it travels from one merchant to another (S2.10). */
export interface FlowDocument {
  readonly steps: readonly (StepContent & { readonly key: string })[];
  readonly rules: readonly RuleContent[];
  readonly fallbackTemplateKey: string | null;
  readonly restartWords: readonly string[];
}

export const IMPORT_MODES = ['replace', 'merge'] as const;
/** `replace`: the flow is what the document says. `merge`: what the document says comes beside it, under other keys where they are taken. */
export type ImportMode = (typeof IMPORT_MODES)[number];
