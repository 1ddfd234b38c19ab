/** The public face of flows: what other modules may use; nothing else is importable. */
export { FlowsModule } from './flows.module.js';
export { FlowVariables, ProvidesFlowVariables, type VariablesOf } from './application/engine/flow-variables.js';
