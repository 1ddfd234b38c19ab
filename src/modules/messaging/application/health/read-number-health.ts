import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';
import { DomainError } from '../../../../kernel/domain-error.js';
import { WhatsAppAccounts } from '../accounts/whatsapp-accounts.js';
import { HealthSnapshots } from './health-snapshots.js';
import { NumberReadings } from './number-readings.js';

/** What came of asking: `gone`: there is no such number here any more, or none that could be asked for. */
export type Reading = 'read' | 'gone' | { readonly failed: string };

/** Asks the provider for one number and keeps the answer: token, request and record each by themselves, so that no transaction waits for HTTP. */
@Injectable()
export class ReadNumberHealth {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly accounts: WhatsAppAccounts,
    private readonly readings: NumberReadings,
    private readonly snapshots: HealthSnapshots,
  ) {}

  async of(phoneNumberId: string): Promise<Reading> {
    const token = await this.unitOfWork.run(async () => {
      const account = await this.accounts.findByNumber(phoneNumberId);
      return account && account.state.status !== 'disconnected' ? this.accounts.tokenOf(account) : undefined;
    });
    if (token === undefined) return 'gone';
    try {
      const reading = await this.readings.read(phoneNumberId, token);
      await this.unitOfWork.run(() => this.snapshots.read(phoneNumberId, reading));
      return 'read';
    } catch (error) {
      if (error instanceof DomainError) return { failed: error.message };
      throw error;
    }
  }
}
