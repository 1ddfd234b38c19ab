import { Command, CommandHandler, type ICommandHandler, type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { AuditLog } from '../../../../platform/auth/index.js';
import { InboxPresetNotFound } from '../../domain/conversation-errors.js';
import { INBOX_PRESETS } from '../../domain/inbox/inbox-presets.js';
import type { TypeRule } from '../../domain/inbox/type-by-template.js';
import { TypeRules } from './type-rules.js';

/** In the order in which they count (C50). */
export class ListTypeRules extends Query<readonly TypeRule[]> {}

/** Conversations that have a type keep it. */
export class ReplaceTypeRules extends Command<readonly TypeRule[]> {
  constructor(readonly rules: readonly TypeRule[]) {
    super();
  }
}

/** Replaces the rules about types, and adds the preset's rules about replies to those that are there (C50). @throws InboxPresetNotFound */
export class ApplyInboxPreset extends Command<void> {
  constructor(readonly name: string) {
    super();
  }
}

@QueryHandler(ListTypeRules)
export class ListTypeRulesHandler implements IQueryHandler<ListTypeRules> {
  constructor(private readonly rules: TypeRules) {}

  execute(): Promise<readonly TypeRule[]> {
    return this.rules.all();
  }
}

@CommandHandler(ReplaceTypeRules)
export class ReplaceTypeRulesHandler implements ICommandHandler<ReplaceTypeRules> {
  constructor(
    private readonly rules: TypeRules,
    private readonly audit: AuditLog,
  ) {}

  async execute({ rules }: ReplaceTypeRules): Promise<readonly TypeRule[]> {
    await this.rules.replace(rules);
    await this.audit.record({ action: 'conversation-type-rules.changed', details: { rules: rules.length } });
    return this.rules.all();
  }
}

@CommandHandler(ApplyInboxPreset)
export class ApplyInboxPresetHandler implements ICommandHandler<ApplyInboxPreset> {
  constructor(
    private readonly rules: TypeRules,
    private readonly audit: AuditLog,
  ) {}

  async execute({ name }: ApplyInboxPreset): Promise<void> {
    const preset = INBOX_PRESETS.find((one) => one.name === name);
    if (!preset) throw new InboxPresetNotFound();
    await this.rules.replace(preset.typeRules);
    await this.rules.addReplyRules(preset.replyRules);
    await this.audit.record({ action: 'inbox-preset.applied', details: { name } });
  }
}
