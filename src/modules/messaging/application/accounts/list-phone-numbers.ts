import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import type { InboxAccess } from '../../../../kernel/inbox-access.js';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';
import { Cursor, type Page } from '../../../../platform/http/pagination.js';
import type { NumberPurpose, NumberStatus } from '../../domain/whatsapp-account.js';
import { type PhoneNumberView, toPhoneNumberView } from './account-view.js';

/** The tenant's numbers, of all its accounts: those that the caller sees (S1.25-S1.28). */
export class ListPhoneNumbers extends Query<Page<PhoneNumberView>> {
  constructor(
    readonly access: InboxAccess,
    readonly limit: number,
    readonly cursor: string | undefined,
  ) {
    super();
  }
}

const cursor = new Cursor({ phoneNumberId: 'text' });

@QueryHandler(ListPhoneNumbers)
export class ListPhoneNumbersHandler implements IQueryHandler<ListPhoneNumbers> {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  async execute({ access, limit, cursor: given }: ListPhoneNumbers): Promise<Page<PhoneNumberView>> {
    const after = cursor.read(given);
    const rows = await this.unitOfWork.prisma.phoneNumber.findMany({
      where: {
        ...(access.areas !== 'all' && { areaId: { in: [...access.areas] } }),
        ...(after && { phoneNumberId: { gt: after.phoneNumberId } }),
      },
      orderBy: { phoneNumberId: 'asc' },
      take: limit + 1,
      include: { account: { select: { wabaId: true } } },
    });
    return cursor.page(rows, limit, ({ account, ...number }) =>
      toPhoneNumberView(
        { ...number, purpose: number.purpose as NumberPurpose, status: number.status as NumberStatus },
        account.wabaId,
      ),
    );
  }
}
