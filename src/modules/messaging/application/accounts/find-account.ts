import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import type { InboxAccess } from '../../../../kernel/inbox-access.js';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';
import { AccountNotFound } from '../../domain/account-errors.js';
import type { AccountStatus, NumberPurpose, NumberStatus } from '../../domain/whatsapp-account.js';
import { type AccountView, toAccountView } from './account-view.js';

/** One of the tenant's accounts, with those of its numbers that the caller sees (S1.25-S1.28): the one named, or the longest connected. @throws AccountNotFound */
export class FindAccount extends Query<AccountView> {
  constructor(
    readonly access: InboxAccess,
    readonly wabaId?: string,
  ) {
    super();
  }
}

@QueryHandler(FindAccount)
export class FindAccountHandler implements IQueryHandler<FindAccount> {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  async execute({ access, wabaId }: FindAccount): Promise<AccountView> {
    const accounts = await this.unitOfWork.prisma.whatsappAccount.findMany({
      where: wabaId === undefined ? {} : { wabaId },
      orderBy: [{ connectedAt: 'asc' }, { id: 'asc' }],
      omit: { accessToken: true },
      include: { phoneNumbers: { orderBy: [{ createdAt: 'asc' }, { phoneNumberId: 'asc' }] } },
    });
    const account = accounts.find(({ status }) => status !== 'disconnected') ?? accounts[0];
    if (!account) throw new AccountNotFound();
    const seen = account.phoneNumbers.filter(({ areaId }) => access.seesNumber(areaId));
    const numbers = seen.map((number) => ({
      ...number,
      purpose: number.purpose as NumberPurpose,
      status: number.status as NumberStatus,
    }));
    return toAccountView({ ...account, status: account.status as AccountStatus, numbers });
  }
}
