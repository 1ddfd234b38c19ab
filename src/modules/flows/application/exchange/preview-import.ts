import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { OpensItsOwnTransactions, Queries } from '../../../../platform/cqrs/commands.js';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';
import { acceptPatterns } from '../steps/accept-patterns.js';
import { Flows } from '../steps/flows.js';
import { TryFlowChanges } from '../steps/write-flow.js';
import type { FlowDocument, ImportMode } from './flow-document.js';
import { importPlan } from './import-changes.js';
import { importResult, type ImportResult } from './import-flow.js';

/** What an import would come to now; nothing is written. Patterns are compiled before its one transaction (F57). @throws what `ImportFlow` does */
@OpensItsOwnTransactions()
export class PreviewImport extends Query<ImportResult> {
  constructor(
    readonly document: FlowDocument,
    readonly mode: ImportMode,
    readonly seen?: number,
  ) {
    super();
  }
}

@QueryHandler(PreviewImport)
export class PreviewImportHandler implements IQueryHandler<PreviewImport> {
  constructor(
    private readonly flows: Flows,
    private readonly queries: Queries,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  async execute(order: PreviewImport): Promise<ImportResult> {
    const { steps: put, rules } = order.document;
    await acceptPatterns({ put, rules });
    return this.unitOfWork.run(() => this.#preview(order));
  }

  async #preview({ document, mode, seen }: PreviewImport): Promise<ImportResult> {
    const plan = importPlan(document, await this.flows.find(), mode, seen);
    return importResult(plan, await this.queries.execute(new TryFlowChanges(plan.changes)));
  }
}
