import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Clock } from '../../../../kernel/clock.js';
import { addDays, localDate } from '../../../../kernel/local-time.js';
import { newId } from '../../../../kernel/ids.js';
import { Money } from '../../../../kernel/money.js';
import { AuditLog } from '../../../../platform/auth/index.js';
import { Commands, Queries } from '../../../../platform/cqrs/commands.js';
import { TenantScope } from '../../../../platform/database/tenant-scope.js';
import { Lanes } from '../../../../platform/lanes/lanes.js';
import { type DueView, LockBooks, NoteAnswer, OpenDuesOf } from '../../../customers/index.js';
import {
  type AnswerPromise,
  feedbackOf,
  meaningOf,
  type SaidAnswer,
  saysTheSame,
} from '../../domain/answers/answer.js';
import { Commitment, type CommitmentSnapshot, type CommitmentSource } from '../../domain/commitment.js';
import { PromiseAmountTooHigh, PromiseDayNotAhead } from '../../domain/commitment-errors.js';
import { Commitments, promisedDue } from '../commitments/commitments.js';
import { REMINDERS } from '../reminders-lane.js';
import { type AnsweringCustomer, AnsweringCustomers } from './answering-customers.js';

/** Promises for later than this are nobody's plan. */
const FURTHEST_DAYS = 366;

export interface GivenAnswer extends CommitmentSource {
  readonly customerId: string;
  /** As the tap or the person named it; left out: the customer's oldest open due. */
  readonly dueId?: string | undefined;
  readonly answer: SaidAnswer;
  /** Promised in so many words; left out: what the answer says, else all that is owed. */
  readonly amount?: Money | undefined;
  /** When it was said. */
  readonly at: Date;
}

/** What became of an answer. */
export type TakenAnswer = {
  /** Undefined: no books are kept on them. */
  readonly customer: AnsweringCustomer | undefined;
} & (
  | { readonly outcome: 'nothing-open' | 'settled' | 'unknown-due' | 'noted' }
  /** `repeated`: it says what was promised already; `first-holds`: it says something else, and the first stays (C58). */
  | { readonly outcome: 'promised' | 'repeated' | 'first-holds'; readonly commitment: CommitmentSnapshot }
);

/**
 * Takes what a customer answered about a due, or what somebody of the merchant's records for them (S0.69-S0.73, D3): pause, commitment status,
 * expected date and feedback on the books, and the promise if it is one. Locks the books first, so that a reminder is decided on before or
 * after, never in between. Another customer's due is never touched. Emits PromiseMade, PaymentClaimed.
 * @throws PromiseDayNotAhead, PromiseAmountTooHigh, CurrencyMismatch
 */
export class TakeAnswer extends Command<TakenAnswer> {
  constructor(readonly given: GivenAnswer) {
    super();
  }
}

@CommandHandler(TakeAnswer)
export class TakeAnswerHandler implements ICommandHandler<TakeAnswer> {
  constructor(
    private readonly customers: AnsweringCustomers,
    private readonly commitments: Commitments,
    private readonly commands: Commands,
    private readonly queries: Queries,
    private readonly audit: AuditLog,
    private readonly lanes: Lanes,
    private readonly scope: TenantScope,
    private readonly clock: Clock,
  ) {}

  async execute({ given }: TakeAnswer): Promise<TakenAnswer> {
    const found = await this.customers.find(given.customerId);
    if (!found) return { outcome: 'nothing-open', customer: found };
    checkDay(given, found.zone);
    const customer = { ...found, id: await this.commands.execute(new LockBooks(found.id)) };
    const open = await this.queries.execute(new OpenDuesOf(customer.id));
    const due = given.dueId === undefined ? open[0] : open.find(({ id }) => id === given.dueId);
    if (due) return this.#takeAbout(due, customer, given);
    await this.#note(customer, given, undefined);
    if (given.dueId === undefined) return { outcome: 'nothing-open', customer };
    const isTheirs = await this.customers.hasDue(customer.id, given.dueId);
    return { outcome: isTheirs ? 'settled' : 'unknown-due', customer };
  }

  async #takeAbout(due: DueView, customer: AnsweringCustomer, given: GivenAnswer): Promise<TakenAnswer> {
    const now = this.clock.now();
    const { pausedUntil, promise, tellsMerchant } = meaningOf(given.answer, given.at, customer.zone);
    const earlier = await this.#openPromiseOf(due, now);
    if (!promise) {
      const status = earlier || given.answer.answer === 'CHECK_CURRENT_DUE' ? undefined : given.answer.answer;
      await this.#note(customer, given, due.id, {
        commitmentStatus: status,
        pausedUntil: later(due.reminderPausedUntil, pausedUntil),
      });
      return { outcome: 'noted', customer };
    }
    const amountMinor = amountOf(given, due);
    if (earlier) {
      const outcome = collision(earlier.snapshot, { ...promise, amountMinor, due }, given, customer);
      if (outcome) {
        await this.#note(customer, given, undefined);
        return { outcome, customer, commitment: earlier.snapshot };
      }
      earlier.supersede(now);
    }
    const commitment = Commitment.make({
      ...promise,
      id: newId(),
      customerId: customer.id,
      dueId: due.id,
      currency: due.outstanding.currency,
      due: promisedDue(due),
      ...(amountMinor === undefined ? {} : { amountMinor }),
      source: given.source,
      wamid: given.wamid,
      said: given.said,
      madeAt: given.at,
    });
    await this.commitments.save(earlier ? [earlier, commitment] : [commitment]);
    // The pause of a promise that is replaced goes with it; one that somebody set for longer stays.
    const standing =
      earlier && due.reminderPausedUntil && due.reminderPausedUntil <= earlier.snapshot.judgedAt
        ? null
        : due.reminderPausedUntil;
    await this.#note(customer, given, due.id, {
      commitmentStatus: promise.answer,
      expectedPaymentDate: promise.promisedFor,
      pausedUntil: later(standing, pausedUntil),
    });
    await this.#wakeAt(promise.judgedAt);
    if (tellsMerchant) await this.#tellMerchant(commitment.snapshot);
    return { outcome: 'promised', customer, commitment: commitment.snapshot };
  }

  /** One whose time is over already stands in nobody's way, whether or not it has been judged. */
  async #openPromiseOf(due: DueView, now: Date): Promise<Commitment | undefined> {
    const [commitment] = await this.commitments.openOf([due.id]);
    if (!commitment) return undefined;
    commitment.judge(promisedDue(due), now);
    await this.commitments.save([commitment]);
    return commitment.isOpen ? commitment : undefined;
  }

  async #note(
    { id: customerId }: AnsweringCustomer,
    { answer, at }: GivenAnswer,
    dueId: string | undefined,
    note: Pick<NoteAnswer['answer'], 'commitmentStatus' | 'expectedPaymentDate' | 'pausedUntil'> = {},
  ): Promise<void> {
    await this.commands.execute(new NoteAnswer({ customerId, dueId, feedback: feedbackOf(answer), at, ...note }));
  }

  async #wakeAt(dueAt: Date): Promise<void> {
    const { tenantId } = this.scope;
    await this.lanes.ring(REMINDERS, [{ key: tenantId, tenantId, dueAt }]);
  }

  /** S0.70: a line that the merchant reads; the event says the same to whoever listens. */
  async #tellMerchant({ id, dueId, customerId, amountMinor, currency, source }: CommitmentSnapshot): Promise<void> {
    const details = { customerId, commitmentId: id, source, amount: Money.of(amountMinor, currency).toJSON() };
    await this.audit.record({ action: 'payment.claimed', subjectId: dueId, details });
  }
}

/** Why an answer changes nothing about the promise that is open; undefined: it takes its place. */
function collision(
  open: CommitmentSnapshot,
  next: AnswerPromise & { readonly amountMinor: number | undefined; readonly due: DueView },
  { source }: GivenAnswer,
  { laterAnswerReplaces }: AnsweringCustomer,
): 'repeated' | 'first-holds' | undefined {
  const isSameAmount =
    next.amountMinor === undefined ? open.amountMinor === open.owedMinor : next.amountMinor === open.amountMinor;
  if (saysTheSame(open, next) && isSameAmount) return 'repeated';
  // Money that is said to have come, and what the merchant's people write down, goes before any promise.
  const replaces = next.answer === 'PAID_TODAY' || source === 'user' || laterAnswerReplaces;
  return replaces ? undefined : 'first-holds';
}

function amountOf({ amount, answer }: GivenAnswer, { outstanding }: DueView): number | undefined {
  if (!amount) return answer.share === 'half' ? Math.ceil(outstanding.amountMinor / 2) : undefined;
  if (amount.isMoreThan(outstanding) || !amount.isPositive) throw new PromiseAmountTooHigh();
  return amount.amountMinor;
}

function checkDay({ answer, at }: GivenAnswer, zone: string): void {
  if (answer.answer !== 'PAY_ON_DATE') return;
  const today = localDate(at, zone);
  if (answer.day < today || answer.day > addDays(today, FURTHEST_DAYS)) throw new PromiseDayNotAhead();
}

/** Undefined: as before. */
function later(standing: Date | null, wanted: Date | undefined): Date | undefined {
  if (!wanted) return undefined;
  return standing && standing > wanted ? standing : wanted;
}
