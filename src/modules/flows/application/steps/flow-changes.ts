import type { FlowRule } from '../../domain/flow-graph.js';
import type { FlowBranch, FlowStep } from '../../domain/flow-step.js';

/** A button or row as a merchant writes it. Without an id it keeps that of the step's button with the same title, or has a new one (S2.22). */
export type BranchContent = Omit<FlowBranch, 'id'> & { readonly id?: string };

/** A step as a merchant writes it. */
export interface StepContent extends Omit<
  FlowStep,
  'key' | 'branches' | 'language' | 'translations' | 'handsOff' | 'isActive'
> {
  readonly branches?: readonly BranchContent[];
  /** The merchant's own unless said. */
  readonly language?: string;
  readonly translations?: FlowStep['translations'];
  readonly handsOff?: boolean;
  readonly isActive?: boolean;
  /** For the merchant's people; customers do not see it. */
  readonly description?: string;
}

/** Members of a step; null takes one away, what is left out stays. */
export type StepPatch = { readonly [Member in keyof StepContent]?: StepContent[Member] | null };

/** A rule as a merchant writes it; its id is made here unless given. */
export type RuleContent = Omit<FlowRule, 'id'> & { readonly id?: string };

/** Changes of a flow that hold together or not at all. */
export interface FlowChanges {
  /** The version of the flow, or of the step with this key, that they were made from: there is no other by now, or they are refused. */
  readonly seen?: { readonly version: number | undefined; readonly stepKey?: string };
  /** New steps; keys are made for those that have none (S2.26, C46). */
  readonly create?: readonly (StepContent & { readonly key?: string })[];
  /** Whole steps in the place of those with their keys, which are there. */
  readonly replace?: readonly (StepContent & { readonly key: string })[];
  /** Whole steps, in the place of those with their keys where there are such. */
  readonly put?: readonly (StepContent & { readonly key: string })[];
  readonly patch?: readonly { readonly key: string; readonly change: StepPatch }[];
  /** Keys of steps. */
  readonly remove?: readonly string[];
  /**
   * What becomes of branches, questions, rules and the fallback that still lead to removed steps: the change is refused with what they are, they
   * are cut, or they are as wrong as anything that leads nowhere, which is how a whole document is read.
   */
  readonly references?: 'refuse' | 'cut' | 'as-said';
  /** All rules, in their order. */
  readonly rules?: readonly RuleContent[];
  /** Rules in the place of those with their ids, or behind all (C45). */
  readonly upsertRules?: readonly RuleContent[];
  /** Null: none. */
  readonly fallbackTemplateKey?: string | null;
  readonly restartWords?: readonly string[];
  readonly strictTitles?: boolean;
}
