import { Command, CommandHandler, type ICommandHandler, type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { AuditLog } from '../../../../platform/auth/index.js';
import { OpensItsOwnTransactions } from '../../../../platform/cqrs/commands.js';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';
import { acceptPatterns } from './accept-patterns.js';
import { FlowDrafts } from './flow-drafts.js';
import type { FlowChanges } from './flow-changes.js';
import { Flows } from './flows.js';
import type { WrittenFlow } from './written-flow.js';

/**
 * Changes a merchant's flow, whole or not at all: removals first, then new steps, whole ones, parts of steps, rules and the rest. Makes it the
 * newest version. Errors of what is written refuse it; what was there before and is not touched may have some. Who says which version he has
 * seen is refused when there is another.
 * Patterns are compiled before its one transaction, which is that of the command around it where there is one.
 * @throws FlowChanged, FlowRefused, RegexRefused, StepKeyTaken, StepNotFound, StepInUse
 */
@OpensItsOwnTransactions()
export class WriteFlow extends Command<WrittenFlow> {
  constructor(readonly changes: FlowChanges) {
    super();
  }
}

/** What `WriteFlow` would come to now; nothing is written. @throws what `WriteFlow` does */
export class TryFlowChanges extends Query<WrittenFlow> {
  constructor(readonly changes: FlowChanges) {
    super();
  }
}

@CommandHandler(WriteFlow)
export class WriteFlowHandler implements ICommandHandler<WriteFlow> {
  constructor(
    private readonly flows: Flows,
    private readonly drafts: FlowDrafts,
    private readonly audit: AuditLog,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  async execute({ changes }: WriteFlow): Promise<WrittenFlow> {
    await acceptPatterns(changes);
    return this.unitOfWork.run(() => this.#write(changes));
  }

  async #write(changes: FlowChanges): Promise<WrittenFlow> {
    const written = await this.drafts.of(await this.flows.lock(), changes);
    await this.flows.save(written.flow);
    await this.audit.record({
      action: 'flow.changed',
      subjectId: String(written.flow.version),
      details: {
        written: written.written.map(({ step }) => step.key),
        removed: changes.remove ?? [],
        cut: written.cut,
        settings: SETTINGS.filter((setting) => changes[setting] !== undefined),
      },
    });
    return written;
  }
}

const SETTINGS = ['rules', 'upsertRules', 'fallbackTemplateKey', 'restartWords', 'strictTitles'] as const;

@QueryHandler(TryFlowChanges)
export class TryFlowChangesHandler implements IQueryHandler<TryFlowChanges> {
  constructor(
    private readonly flows: Flows,
    private readonly drafts: FlowDrafts,
  ) {}

  async execute({ changes }: TryFlowChanges): Promise<WrittenFlow> {
    return this.drafts.of(await this.flows.find(), changes);
  }
}
