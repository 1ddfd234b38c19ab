import { Injectable } from '@nestjs/common';
import { Clock } from '../../../../kernel/clock.js';
import { AuditLog } from '../../../../platform/auth/audit-log.js';
import { Commands } from '../../../../platform/cqrs/commands.js';
import { RequestContext } from '../../../../platform/http/request-context.js';
import { Outbox } from '../../../../platform/outbox/outbox.js';
import { CustomerOptedIn, CustomerOptedOut } from '../../domain/ledger-events.js';
import { LockBooks } from '../ledger/lock-books.js';
import { KeepBooksOn } from '../people/keep-books-on.js';
import { Consents, type ConsentSource, type ConsentStatement, type SaidConsent } from './consents.js';

/** Writes down what a customer allows, as evidence and as what holds, behind the lock of their books. */
@Injectable()
export class RecordConsent {
  constructor(
    private readonly consents: Consents,
    private readonly commands: Commands,
    private readonly outbox: Outbox,
    private readonly audit: AuditLog,
    private readonly requests: RequestContext,
    private readonly clock: Clock,
  ) {}

  async record(kind: ConsentStatement['kind'], { customerId: asked, message }: SaidConsent): Promise<boolean> {
    const kept = await this.commands.execute(new KeepBooksOn(asked));
    const customerId = await this.commands.execute(new LockBooks(kept));
    const origin = message
      ? ({ source: 'message', wamid: message.wamid, said: message.said, actorId: undefined, at: message.at } as const)
      : { ...this.#actor(), wamid: undefined, said: undefined, at: this.clock.now() };
    const hasChanged = await this.consents.record(customerId, { kind, ...origin });
    const isOut = kind === 'opted_out';
    if (!message)
      await this.audit.record({ action: isOut ? 'customer.opted-out' : 'customer.opted-in', subjectId: customerId });
    if (hasChanged)
      await this.outbox.append([isOut ? new CustomerOptedOut(customerId) : new CustomerOptedIn(customerId)]);
    return hasChanged;
  }

  #actor(): { source: ConsentSource; actorId: string | undefined } {
    const [kind, actorId] = (this.requests.current?.actor ?? 'platform').split(':');
    return { source: kind === 'user' || kind === 'api-key' ? kind : 'platform', actorId };
  }
}
