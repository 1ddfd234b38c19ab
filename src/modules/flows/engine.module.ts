import { Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { MessagingModule } from '../messaging/index.js';
import { CustomerVariables } from './application/engine/customer-variables.js';
import { EdgeCounts } from './application/engine/edge-counts.js';
import { FallBack } from './application/engine/fall-back.js';
import { FlowEngine } from './application/engine/flow-engine.js';
import { GiveBackOnRestart } from './application/engine/give-back-on-restart.js';
import { Graphs } from './application/engine/graphs.js';
import { MerchantVariables } from './application/engine/merchant-variables.js';
import { Merchants } from './application/engine/merchants.js';
import { MovePositionWithThread } from './application/engine/move-position-with-thread.js';
import { Moves } from './application/engine/moves.js';
import { OpenFlows } from './application/engine/open-flows.js';
import { Positions } from './application/engine/positions.js';
import { Sayings } from './application/engine/sayings.js';
import { StatementVariables } from './application/engine/statement-variables.js';
import { SuppliesOfSteps } from './application/engine/supplies.js';
import { VariableSources } from './application/engine/variable-sources.js';
import { AddUpTakenEdges } from './infrastructure/engine/add-up-taken-edges.js';
import { ClearStalePositions } from './infrastructure/engine/clear-stale-positions.js';
import { SqlEdgeCounts } from './infrastructure/engine/sql-edge-counts.js';
import { SqlGraphs } from './infrastructure/engine/sql-graphs.js';
import { SqlMerchants } from './infrastructure/engine/sql-merchants.js';
import { SqlPositions } from './infrastructure/engine/sql-positions.js';

/** Leads conversations through the merchant's flow. */
@Module({
  imports: [DiscoveryModule, MessagingModule],
  providers: [
    GiveBackOnRestart,
    FlowEngine,
    FallBack,
    MovePositionWithThread,
    ClearStalePositions,
    AddUpTakenEdges,
    OpenFlows,
    Moves,
    Sayings,
    SuppliesOfSteps,
    VariableSources,
    CustomerVariables,
    MerchantVariables,
    StatementVariables,
    { provide: Positions, useClass: SqlPositions },
    { provide: Graphs, useClass: SqlGraphs },
    { provide: EdgeCounts, useClass: SqlEdgeCounts },
    { provide: Merchants, useClass: SqlMerchants },
  ],
  exports: [OpenFlows, VariableSources, SuppliesOfSteps, Positions, Graphs, EdgeCounts, Merchants],
})
export class EngineModule {}
