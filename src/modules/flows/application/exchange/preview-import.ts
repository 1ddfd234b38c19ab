import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { Queries } from '../../../../platform/cqrs/commands.js';
import { Flows } from '../steps/flows.js';
import { TryFlowChanges } from '../steps/write-flow.js';
import type { FlowDocument, ImportMode } from './flow-document.js';
import { importPlan } from './import-changes.js';
import { importResult, type ImportResult } from './import-flow.js';

/** What an import would come to now; nothing is written. @throws FlowRefused, RegexRefused */
export class PreviewImport extends Query<ImportResult> {
  constructor(
    readonly document: FlowDocument,
    readonly mode: ImportMode,
  ) {
    super();
  }
}

@QueryHandler(PreviewImport)
export class PreviewImportHandler implements IQueryHandler<PreviewImport> {
  constructor(
    private readonly flows: Flows,
    private readonly queries: Queries,
  ) {}

  async execute({ document, mode }: PreviewImport): Promise<ImportResult> {
    const plan = importPlan(document, await this.flows.find(), mode);
    return importResult(plan, await this.queries.execute(new TryFlowChanges(plan.changes)));
  }
}
