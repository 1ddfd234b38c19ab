import type { FlowPosition } from './flow-graph.js';
import type { FlowStep } from './flow-step.js';

/** What a customer does, as the flow sees it; pictures and the like are no input of a flow. */
export type FlowInput =
  | {
      readonly type: 'text';
      readonly text: string;
      /** It asks for the house's menu: "hi", "help" (S2.28). */
      readonly isGreeting: boolean;
    }
  | {
      readonly type: 'tap';
      /** Id of a button or a row. */
      readonly id: string;
    };

/** The way that a conversation took, counted by version (D16). */
export interface FlowEdge {
  readonly version: number;
  /** Key of the step that was left; empty: a rule, a restart or the fallback. */
  readonly fromKey: string;
  /** Id of the branch or rule; `collects`, `invalid`, `restart` or `fallback`. */
  readonly edge: string;
}

/** What the flow makes of an input. `position` is where the conversation stands afterwards. */
export type Move =
  /** The step is sent; where it cannot be said to this customer, because a value is missing, `otherwise` is made of the input. */
  | {
      readonly type: 'send';
      readonly step: FlowStep;
      readonly edge: FlowEdge;
      readonly position: FlowPosition;
      readonly otherwise: Move;
    }
  /** The conversation begins anew, and nothing of the flow can be its start: the house's menu is. */
  | { readonly type: 'menu'; readonly edge: FlowEdge; readonly position: FlowPosition }
  /** A branch that leads nowhere: the flow is over and says nothing. */
  | { readonly type: 'ended'; readonly edge: FlowEdge; readonly position: FlowPosition }
  /** A step would be due, and two programs seem to talk to each other: nothing is sent. */
  | { readonly type: 'withheld'; readonly reason: 'loop'; readonly position: FlowPosition }
  /** Not the flow's: others may answer, and if none does, the fallback. */
  | { readonly type: 'none'; readonly position: FlowPosition };
