import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { AuditLog } from '../../../../platform/auth/audit-log.js';
import { Areas } from './areas.js';

/** Takes the area from its users, too. @throws AreaNotFound, AreaInUse while a phone number belongs to it */
export class RemoveArea extends Command<void> {
  constructor(readonly id: string) {
    super();
  }
}

@CommandHandler(RemoveArea)
export class RemoveAreaHandler implements ICommandHandler<RemoveArea> {
  constructor(
    private readonly areas: Areas,
    private readonly audit: AuditLog,
  ) {}

  async execute({ id }: RemoveArea): Promise<void> {
    await this.areas.remove(id);
    await this.audit.record({ action: 'area.removed', subjectId: id });
  }
}
