import { Command, CommandHandler, type ICommandHandler, type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { Clock } from '../../../../kernel/clock.js';
import { AuditLog } from '../../../../platform/auth/index.js';
import { type ReplyRule, ReplyRules, type ReplyRuleView } from './reply-rules.js';

export class ListReplyRules extends Query<ReplyRuleView[]> {}

/** @throws ReplyRuleTaken */
export class AddReplyRule extends Command<ReplyRuleView> {
  constructor(readonly rule: ReplyRule) {
    super();
  }
}

/** Members that are left out stay as they are. @throws ReplyRuleNotFound, ReplyRuleTaken */
export class ChangeReplyRule extends Command<ReplyRuleView> {
  constructor(
    readonly id: string,
    readonly changes: Partial<ReplyRule>,
  ) {
    super();
  }
}

/** @throws ReplyRuleNotFound */
export class RemoveReplyRule extends Command<void> {
  constructor(readonly id: string) {
    super();
  }
}

@QueryHandler(ListReplyRules)
export class ListReplyRulesHandler implements IQueryHandler<ListReplyRules> {
  constructor(private readonly rules: ReplyRules) {}

  execute(): Promise<ReplyRuleView[]> {
    return this.rules.list();
  }
}

@CommandHandler(AddReplyRule)
export class AddReplyRuleHandler implements ICommandHandler<AddReplyRule> {
  constructor(
    private readonly rules: ReplyRules,
    private readonly audit: AuditLog,
    private readonly clock: Clock,
  ) {}

  async execute({ rule }: AddReplyRule): Promise<ReplyRuleView> {
    const added = await this.rules.add(rule, this.clock.now());
    await this.audit.record({ action: 'reply-rule.added', subjectId: added.id });
    return added;
  }
}

@CommandHandler(ChangeReplyRule)
export class ChangeReplyRuleHandler implements ICommandHandler<ChangeReplyRule> {
  constructor(
    private readonly rules: ReplyRules,
    private readonly audit: AuditLog,
    private readonly clock: Clock,
  ) {}

  async execute({ id, changes }: ChangeReplyRule): Promise<ReplyRuleView> {
    const changed = await this.rules.change(id, changes, this.clock.now());
    await this.audit.record({ action: 'reply-rule.changed', subjectId: id });
    return changed;
  }
}

@CommandHandler(RemoveReplyRule)
export class RemoveReplyRuleHandler implements ICommandHandler<RemoveReplyRule> {
  constructor(
    private readonly rules: ReplyRules,
    private readonly audit: AuditLog,
  ) {}

  async execute({ id }: RemoveReplyRule): Promise<void> {
    await this.rules.remove(id);
    await this.audit.record({ action: 'reply-rule.removed', subjectId: id });
  }
}
