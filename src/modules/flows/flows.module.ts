import { Module } from '@nestjs/common';
import { AuthoringModule } from './authoring.module.js';
import { ComposingModule } from './composing.module.js';
import { EngineModule } from './engine.module.js';
import { TrialModule } from './trial.module.js';

/** Flows without code: steps, rules, and the engine that leads conversations through them. */
@Module({ imports: [EngineModule, ComposingModule, AuthoringModule, TrialModule] })
export class FlowsModule {}
