import { Module } from '@nestjs/common';
import { LintFlowHandler } from './application/lint/lint-flow.js';
import { SurroundingsOfFlow } from './application/lint/surroundings-of-flow.js';
import { FindFlowHandler } from './application/rules/show-flow.js';
import { FlowDrafts } from './application/steps/flow-drafts.js';
import { Flows } from './application/steps/flows.js';
import { FindStepHandler, ListStepsHandler } from './application/steps/show-steps.js';
import { TryFlowChangesHandler, WriteFlowHandler } from './application/steps/write-flow.js';
import { EngineModule } from './engine.module.js';
import { RulesController } from './infrastructure/rules/rules.controller.js';
import { SqlFlows } from './infrastructure/steps/sql-flows.js';
import { StepsController } from './infrastructure/steps/steps.controller.js';

/** What a merchant's admin writes: steps, rules, and what is to be said about them. */
@Module({
  imports: [EngineModule],
  controllers: [StepsController, RulesController],
  providers: [
    WriteFlowHandler,
    TryFlowChangesHandler,
    ListStepsHandler,
    FindStepHandler,
    FindFlowHandler,
    LintFlowHandler,
    FlowDrafts,
    SurroundingsOfFlow,
    { provide: Flows, useClass: SqlFlows },
  ],
  exports: [Flows, SurroundingsOfFlow],
})
export class AuthoringModule {}
