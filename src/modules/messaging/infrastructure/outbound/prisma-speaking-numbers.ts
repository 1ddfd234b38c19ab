import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';
import { SpeakingNumbers } from '../../application/outbound/speaking-numbers.js';

const CONNECTED = { status: { not: 'disconnected' }, account: { status: { not: 'disconnected' } } };

@Injectable()
export class PrismaSpeakingNumbers extends SpeakingNumbers {
  constructor(private readonly unitOfWork: UnitOfWork) {
    super();
  }

  async has(phoneNumberId: string): Promise<boolean> {
    return (await this.unitOfWork.prisma.phoneNumber.count({ where: { ...CONNECTED, phoneNumberId } })) > 0;
  }

  async default(): Promise<string | undefined> {
    const number = await this.unitOfWork.prisma.phoneNumber.findFirst({
      where: { ...CONNECTED, purpose: 'default' },
      orderBy: [{ createdAt: 'asc' }, { phoneNumberId: 'asc' }],
      select: { phoneNumberId: true },
    });
    return number?.phoneNumberId;
  }
}
