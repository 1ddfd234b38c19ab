import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { AuditLog } from '../../../../platform/auth/index.js';
import { Commands, OpensItsOwnTransactions } from '../../../../platform/cqrs/commands.js';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';
import type { Finding } from '../../domain/lint/finding.js';
import { acceptPatterns } from '../steps/accept-patterns.js';
import { Flows } from '../steps/flows.js';
import { WriteFlow } from '../steps/write-flow.js';
import type { WrittenFlow } from '../steps/written-flow.js';
import type { FlowDocument, ImportMode } from './flow-document.js';
import { type ImportPlan, importPlan } from './import-changes.js';

export interface ImportResult {
  /** The flow's version afterwards. */
  readonly version: number;
  /** Keys of the steps that were written. */
  readonly steps: readonly string[];
  readonly removed: readonly string[];
  /** Keys of the document that were taken, and those that its steps have instead. */
  readonly renamed: Readonly<Record<string, string>>;
  readonly findings: readonly Finding[];
}

/**
 * Takes a whole flow over, or nothing of it. Patterns are compiled before its one transaction (F57).
 * @throws FlowChanged, FlowRefused, RegexRefused
 */
@OpensItsOwnTransactions()
export class ImportFlow extends Command<ImportResult> {
  constructor(
    readonly document: FlowDocument,
    readonly mode: ImportMode,
    /** The flow's version that whoever imports it has seen. */
    readonly seen?: number,
  ) {
    super();
  }
}

@CommandHandler(ImportFlow)
export class ImportFlowHandler implements ICommandHandler<ImportFlow> {
  constructor(
    private readonly flows: Flows,
    private readonly commands: Commands,
    private readonly audit: AuditLog,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  async execute(order: ImportFlow): Promise<ImportResult> {
    const { steps: put, rules } = order.document;
    await acceptPatterns({ put, rules });
    return this.unitOfWork.run(() => this.#import(order));
  }

  async #import({ document, mode, seen }: ImportFlow): Promise<ImportResult> {
    const plan = importPlan(document, await this.flows.lock(), mode, seen);
    const result = importResult(plan, await this.commands.execute(new WriteFlow(plan.changes)));
    const { version, steps, removed } = result;
    await this.audit.record({
      action: 'flow.imported',
      details: { mode, version, steps: steps.length, removed: removed.length },
    });
    return result;
  }
}

export function importResult({ renamed, removed }: ImportPlan, { flow, written, findings }: WrittenFlow): ImportResult {
  return { version: flow.version, steps: written.map(({ step }) => step.key), removed, renamed, findings };
}
