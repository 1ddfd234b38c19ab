import { Module } from '@nestjs/common';
import { ExportFlowHandler } from './application/exchange/export-flow.js';
import { ImportFlowHandler } from './application/exchange/import-flow.js';
import { PreviewImportHandler } from './application/exchange/preview-import.js';
import { FindPresetHandler, ListPresetsHandler } from './application/exchange/show-presets.js';
import { TryFlowHandler } from './application/trial/try-flow.js';
import { ShowCoverageHandler } from './application/ways/show-coverage.js';
import { TakenEdges } from './application/ways/taken-edges.js';
import { AuthoringModule } from './authoring.module.js';
import { EngineModule } from './engine.module.js';
import { ExchangeController } from './infrastructure/exchange/exchange.controller.js';
import { PresetsController } from './infrastructure/exchange/presets.controller.js';
import { TrialController } from './infrastructure/trial/trial.controller.js';
import { CoverageController } from './infrastructure/ways/coverage.controller.js';
import { SqlTakenEdges } from './infrastructure/ways/sql-taken-edges.js';

/** What a merchant does with a whole flow: try it out, take it elsewhere, see which ways are taken. */
@Module({
  imports: [EngineModule, AuthoringModule],
  controllers: [ExchangeController, PresetsController, TrialController, CoverageController],
  providers: [
    ExportFlowHandler,
    ImportFlowHandler,
    PreviewImportHandler,
    ListPresetsHandler,
    FindPresetHandler,
    TryFlowHandler,
    ShowCoverageHandler,
    { provide: TakenEdges, useClass: SqlTakenEdges },
  ],
})
export class TrialModule {}
