import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Queries } from '../../../../platform/cqrs/commands.js';
import { CustomerNotFound } from '../../domain/ledger/ledger-errors.js';
import { FindCustomer } from '../people/find-customer.js';
import type { SaidConsent } from './consents.js';
import { RecordConsent } from './record-consent.js';

/**
 * Nothing unasked may be sent to the customer from here on; reminders that wait are cancelled when their time comes, those on their way
 * are stopped before they leave (D2). Evidence is written each time. Emits CustomerOptedOut.
 * @returns whether they had not opted out before @throws ContactNotFound
 */
export class OptOut extends Command<boolean> {
  constructor(readonly consent: SaidConsent) {
    super();
  }
}

/**
 * The customer may be written to again; nothing that was cancelled comes back. A customer's own START is evidence only of one who had
 * said stop: from all others it is a greeting. Emits CustomerOptedIn. @returns whether they had opted out before @throws CustomerNotFound
 */
export class OptIn extends Command<boolean> {
  constructor(readonly consent: SaidConsent) {
    super();
  }
}

@CommandHandler(OptOut)
export class OptOutHandler implements ICommandHandler<OptOut> {
  constructor(private readonly recording: RecordConsent) {}

  execute({ consent }: OptOut): Promise<boolean> {
    return this.recording.record('opted_out', consent);
  }
}

@CommandHandler(OptIn)
export class OptInHandler implements ICommandHandler<OptIn> {
  constructor(
    private readonly recording: RecordConsent,
    private readonly queries: Queries,
  ) {}

  async execute({ consent }: OptIn): Promise<boolean> {
    if (consent.message && !(await this.#isOptedOut(consent.customerId))) return false;
    return this.recording.record('opted_in', consent);
  }

  async #isOptedOut(customerId: string): Promise<boolean> {
    try {
      return (await this.queries.execute(new FindCustomer(customerId))).optedOutAt !== null;
    } catch (error) {
      if (error instanceof CustomerNotFound) return false;
      throw error;
    }
  }
}
