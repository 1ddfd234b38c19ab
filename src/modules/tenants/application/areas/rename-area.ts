import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { AuditLog } from '../../../../platform/auth/audit-log.js';
import { displayName } from '../../domain/tenant-words.js';
import { Areas, type AreaView } from './areas.js';

/** @throws AreaNotFound, AreaNameTaken, UnknownWord */
export class RenameArea extends Command<AreaView> {
  constructor(
    readonly id: string,
    readonly name: string,
  ) {
    super();
  }
}

@CommandHandler(RenameArea)
export class RenameAreaHandler implements ICommandHandler<RenameArea> {
  constructor(
    private readonly areas: Areas,
    private readonly audit: AuditLog,
  ) {}

  async execute({ id, name }: RenameArea): Promise<AreaView> {
    const area = await this.areas.rename(id, displayName(name));
    await this.audit.record({ action: 'area.renamed', subjectId: id, details: { name: area.name } });
    return area;
  }
}
