import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';
import { AccountNotFound } from '../../domain/account-errors.js';
import type { AccountStatus, NumberPurpose, NumberStatus } from '../../domain/whatsapp-account.js';
import { type AccountView, toAccountView } from './account-view.js';

/** One of the tenant's accounts: the one named, or the longest connected. @throws AccountNotFound */
export class FindAccount extends Query<AccountView> {
  constructor(readonly wabaId?: string) {
    super();
  }
}

@QueryHandler(FindAccount)
export class FindAccountHandler implements IQueryHandler<FindAccount> {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  async execute({ wabaId }: FindAccount): Promise<AccountView> {
    const accounts = await this.unitOfWork.prisma.whatsappAccount.findMany({
      where: wabaId === undefined ? {} : { wabaId },
      orderBy: [{ connectedAt: 'asc' }, { id: 'asc' }],
      omit: { accessToken: true },
      include: { phoneNumbers: { orderBy: [{ createdAt: 'asc' }, { phoneNumberId: 'asc' }] } },
    });
    const account = accounts.find(({ status }) => status !== 'disconnected') ?? accounts[0];
    if (!account) throw new AccountNotFound();
    const numbers = account.phoneNumbers.map((number) => ({
      ...number,
      purpose: number.purpose as NumberPurpose,
      status: number.status as NumberStatus,
    }));
    return toAccountView({ ...account, status: account.status as AccountStatus, numbers });
  }
}
