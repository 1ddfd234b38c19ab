import { Injectable } from '@nestjs/common';
import { Clock } from '../../../../kernel/clock.js';
import { Money } from '../../../../kernel/money.js';
import { Commands, Queries } from '../../../../platform/cqrs/commands.js';
import { type DeliveredEvent, Reaction, ReactsTo } from '../../../../platform/outbox/reaction.js';
import { OpenWindows, RecordOutgoing } from '../../../conversations/index.js';
import { CurrentDueOf, FindContact, type Identity, type PaymentRecorded } from '../../../customers/index.js';
import { EnqueueMessage, FindReadyNumber, type Recipient } from '../../../messaging/index.js';
import { thanksReply } from '../../domain/answers/replies.js';
import { AnsweringCustomers } from './answering-customers.js';

/** Thanks that come later than this are odd. */
const FRESH_MS = 3_600_000;

/**
 * A payment that crossed a reminder, or that was promised, is answered with a thank-you (D2): inside the 24 hours' window only, and not to who
 * said stop.
 */
@Injectable()
@ReactsTo(['customers.payment-recorded'])
export class ThankWhenAPaymentCame extends Reaction {
  constructor(
    private readonly customers: AnsweringCustomers,
    private readonly commands: Commands,
    private readonly queries: Queries,
    private readonly clock: Clock,
  ) {
    super();
  }

  async on({ payload, occurredAt }: DeliveredEvent): Promise<void> {
    const expiresAt = new Date(occurredAt.getTime() + FRESH_MS);
    if (this.clock.now() >= expiresAt) return;
    const { customerId, paymentId, amountMinor, currency, allocations } = payload as PaymentRecorded['payload'];
    const customer = await this.customers.find(customerId);
    if (!customer || customer.optedOut) return;
    const dueIds = allocations.map(({ dueId }) => dueId);
    if (!(await this.customers.wasWaitedFor(dueIds, occurredAt))) return;
    const phoneNumberId = await this.queries.execute(new FindReadyNumber());
    if (phoneNumberId === undefined) return;
    const open = await this.queries.execute(new OpenWindows(phoneNumberId, [customer.id]));
    const to = addressOf((await this.queries.execute(new FindContact(customer.id))).identities);
    if (!to || !open.has(customer.id)) return;
    const { balance } = await this.queries.execute(new CurrentDueOf(customer.id));
    const body = thanksReply(customer, Money.of(amountMinor, currency), balance.isPositive ? balance : undefined);
    const content = { type: 'text', body } as const;
    const threads = await this.commands.execute(
      new RecordOutgoing(phoneNumberId, [{ contactId: customer.id, content }]),
    );
    const threadId = threads.get(customer.id);
    await this.commands.execute(
      new EnqueueMessage({
        phoneNumberId,
        to,
        content,
        category: 'automatic_answer',
        once: `thanks:${paymentId}`,
        expiresAt,
        ...(threadId === undefined ? {} : { threadId }),
      }),
    );
  }
}

function addressOf(identities: readonly Identity[]): Recipient | undefined {
  const of = (wanted: Identity['kind']): string | undefined => identities.find(({ kind }) => kind === wanted)?.value;
  const phone = of('phone') ?? of('wa_id');
  if (phone !== undefined) return { kind: 'phone', value: phone.replace('+', '') };
  const bsuid = of('bsuid');
  return bsuid === undefined ? undefined : { kind: 'bsuid', value: bsuid };
}
