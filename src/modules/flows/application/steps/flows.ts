import type { FlowRule } from '../../domain/flow-graph.js';
import type { FlowStep, StepKind } from '../../domain/flow-step.js';

/** A step with what is known about it. */
export interface StepView {
  readonly step: FlowStep;
  readonly description: string | null;
  /** Counts its changes, from 1 (S2.43). */
  readonly version: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** The merchant's flow as it stands now. */
export interface FlowView {
  /** 0: nothing was ever written. */
  readonly version: number;
  /** By key. */
  readonly steps: readonly StepView[];
  readonly rules: readonly FlowRule[];
  readonly fallbackTemplateKey: string | undefined;
  readonly restartWords: readonly string[];
  /** No button title above 20 characters is taken (C16). */
  readonly strictTitles: boolean;
  readonly updatedAt: Date | null;
}

export interface StepFilter {
  readonly kind?: StepKind | undefined;
  readonly active?: boolean | undefined;
  /** Part of the key, of what the step says, or of its description. */
  readonly q?: string | undefined;
}

/** Flows as merchants write them. */
export abstract class Flows {
  abstract find(): Promise<FlowView>;
  /** The same, and nobody else changes it until the transaction ends. */
  abstract lock(): Promise<FlowView>;
  /** Keeps a flow that was locked, and makes it the newest version; what conversations may still stand in is kept too (D16). */
  abstract save(flow: FlowView): Promise<void>;
  /** By key. */
  abstract page(filter: StepFilter, after: string | undefined, limit: number): Promise<readonly StepView[]>;
  /** @throws StepNotFound */
  abstract step(key: string): Promise<StepView>;
}
