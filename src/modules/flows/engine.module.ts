import { Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { EdgeCounts } from './application/engine/edge-counts.js';
import { Graphs } from './application/engine/graphs.js';
import { Positions } from './application/engine/positions.js';
import { VariableSources } from './application/engine/variable-sources.js';
import { SqlEdgeCounts } from './infrastructure/engine/sql-edge-counts.js';
import { SqlGraphs } from './infrastructure/engine/sql-graphs.js';
import { SqlPositions } from './infrastructure/engine/sql-positions.js';

/** Leads conversations through the merchant's flow. */
@Module({
  imports: [DiscoveryModule],
  providers: [
    VariableSources,
    { provide: Positions, useClass: SqlPositions },
    { provide: Graphs, useClass: SqlGraphs },
    { provide: EdgeCounts, useClass: SqlEdgeCounts },
  ],
  exports: [VariableSources, Positions, Graphs, EdgeCounts],
})
export class EngineModule {}
