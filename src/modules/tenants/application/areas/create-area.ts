import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Clock } from '../../../../kernel/clock.js';
import { newId } from '../../../../kernel/ids.js';
import { AuditLog } from '../../../../platform/auth/audit-log.js';
import { displayName } from '../../domain/tenant-words.js';
import { Areas, type AreaView } from './areas.js';

/** @throws AreaNameTaken, UnknownWord */
export class CreateArea extends Command<AreaView> {
  constructor(readonly name: string) {
    super();
  }
}

@CommandHandler(CreateArea)
export class CreateAreaHandler implements ICommandHandler<CreateArea> {
  constructor(
    private readonly areas: Areas,
    private readonly audit: AuditLog,
    private readonly clock: Clock,
  ) {}

  async execute({ name }: CreateArea): Promise<AreaView> {
    const area = { id: newId(), name: displayName(name), createdAt: this.clock.now() };
    await this.areas.add(area);
    await this.audit.record({ action: 'area.created', subjectId: area.id, details: { name: area.name } });
    return area;
  }
}
