import { setImmediate } from 'node:timers/promises';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Clock } from '../../../../kernel/clock.js';
import { OpensItsOwnTransactions, Queries } from '../../../../platform/cqrs/commands.js';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';
import {
  allowsContact,
  type ContactPolicy,
  contactableAt,
  CurrentContactPolicy,
  orderedTerm,
  PolicyNeverAllows,
  type ReminderTerm,
} from '../../../customers/index.js';
import { LocalDays } from '../../domain/local-days.js';
import type { TemplateOverride } from '../../domain/reminder-template.js';
import type { ResponseModel } from '../../domain/simulation/responses.js';
import { simulate, type SimulationOutcome } from '../../domain/simulation/simulate.js';
import { ReminderTemplates } from '../templates/reminder-templates.js';
import { BooksCopier, type CopiedBooks } from './copied-books.js';
import { SimulationRuns, SimulationStartsInThePast } from './simulation-errors.js';
import { wordsOf } from './simulated-words.js';

const MAX_OPEN_DUES = 20_000;
const TIMELINE_LIMIT = 10_000;
const DAY_MS = 86_400_000;
/** How long a simulation may keep the event loop from others. */
const SLICE_MS = 10;

/** What is tried out; what is left out stays as it is. */
export interface Scenario {
  readonly policy?: Partial<Omit<ContactPolicy, 'version'>> | undefined;
  readonly term?: Partial<ReminderTerm> | undefined;
}

export interface SimulationRequest extends Scenario {
  readonly days: number;
  /** Left out: now. What is due before is late then. */
  readonly startAt?: Date | undefined;
  /** Left out: all with open dues. */
  readonly customerIds?: readonly string[] | undefined;
  readonly responses: ResponseModel;
  readonly pricePerMessage?: MessagePrice | undefined;
  /** The same once more with another policy or term. */
  readonly compareWith?: Scenario | undefined;
}

/** What WhatsApp takes for a message that the customer did not ask for. */
export interface MessagePrice {
  /** Minor units, and fractions of them: messages cost less than a paisa of some currencies. */
  readonly amountMinor: number;
  readonly currency: string;
}

export interface SimulationView {
  readonly from: Date;
  readonly until: Date;
  readonly summary: SimulationCost;
  readonly timeline: SimulationOutcome['timeline'];
  /** Whether there is more than the timeline shows; the summary counts all. */
  readonly truncated: boolean;
  readonly comparison: Comparison | null;
}

export type SimulationCost = SimulationOutcome['summary'] & {
  /** Of business-initiated messages; null where no price was given. */
  readonly cost: { readonly amountMinor: number; readonly currency: string } | null;
};

export interface Comparison {
  readonly summary: SimulationCost;
  /** What the other scenario has more, or less. */
  readonly difference: {
    readonly planned: number;
    readonly sent: number;
    readonly waiting: number;
    readonly businessInitiated: number;
    readonly customersReminded: number;
    readonly costMinor: number | null;
  };
}

/**
 * Lives through some days with a copy of the merchant's books, by the functions that decide in earnest (D5). Changes nothing. Reads in
 * one short transaction, computes outside of it.
 * @throws SimulationStartsInThePast, TooManyDues, PolicyNeverAllows, InvalidPaymentTerm, SimulationRuns
 */
@OpensItsOwnTransactions()
export class SimulateDues extends Command<SimulationView> {
  constructor(readonly request: SimulationRequest) {
    super();
  }
}

@CommandHandler(SimulateDues)
export class SimulateDuesHandler implements ICommandHandler<SimulateDues> {
  #isRunning = false;

  constructor(
    private readonly copier: BooksCopier,
    private readonly templates: ReminderTemplates,
    private readonly queries: Queries,
    private readonly unitOfWork: UnitOfWork,
    private readonly clock: Clock,
  ) {}

  async execute({ request }: SimulateDues): Promise<SimulationView> {
    const from = this.#start(request);
    if (this.#isRunning) throw new SimulationRuns();
    this.#isRunning = true;
    try {
      return await this.#simulate(request, from);
    } finally {
      this.#isRunning = false;
    }
  }

  #start({ startAt }: SimulationRequest): Date {
    const now = this.clock.now();
    if (!startAt) return now;
    if (startAt < now || startAt.getTime() > now.getTime() + 366 * DAY_MS) throw new SimulationStartsInThePast();
    return startAt;
  }

  async #simulate(request: SimulationRequest, from: Date): Promise<SimulationView> {
    const until = new Date(from.getTime() + request.days * DAY_MS);
    const given = await this.#read(request);
    const live = (scenario: Scenario): Promise<SimulationOutcome> =>
      inSlices(runOf(given, scenario, { from, until, responses: request.responses }));
    const baseline = await live(request);
    const summary = priced(baseline, request.pricePerMessage);
    const other = request.compareWith && priced(await live(request.compareWith), request.pricePerMessage);
    return {
      from,
      until,
      summary,
      timeline: baseline.timeline,
      truncated: baseline.isTruncated,
      comparison: other ? { summary: other, difference: difference(summary, other) } : null,
    };
  }

  #read({ customerIds }: SimulationRequest): Promise<Given> {
    return this.unitOfWork.runSql(async () => ({
      books: await this.copier.copy(customerIds, MAX_OPEN_DUES),
      policy: await this.queries.execute(new CurrentContactPolicy()),
      overrides: await this.templates.list(),
    }));
  }
}

interface Given {
  readonly books: CopiedBooks;
  readonly policy: ContactPolicy;
  readonly overrides: readonly TemplateOverride[];
}

type Run = ReturnType<typeof simulate>;

function runOf(
  { books, policy: current, overrides }: Given,
  scenario: Scenario,
  span: { readonly from: Date; readonly until: Date; readonly responses: ResponseModel },
): Run {
  const policy = { ...current, ...scenario.policy };
  if (!allowsContact(policy)) throw new PolicyNeverAllows();
  const { maxPerDay, lateAfterMinutes, version } = policy;
  return simulate({
    ...span,
    books: scenario.term ? withTerm(books, scenario.term) : books,
    house: {
      policyVersion: version,
      maxPerDay,
      lateAfterMinutes,
      contactableAt: (zone, now) => contactableAt(policy, zone, now),
      // The merchant tries out what would be sent: a number is taken to be connected.
      hasSender: true,
      days: new LocalDays(),
    },
    words: wordsOf(overrides, books.companyName),
    laterAnswerReplaces: books.laterAnswerReplaces,
    timelineLimit: TIMELINE_LIMIT,
  });
}

function withTerm(books: CopiedBooks, term: Partial<ReminderTerm>): CopiedBooks {
  return { ...books, dues: books.dues.map((due) => ({ ...due, term: orderedTerm({ ...due.term, ...term }) })) };
}

/** Lets others have the event loop in between. */
async function inSlices(run: Run): Promise<SimulationOutcome> {
  for (let since = performance.now(); ;) {
    const step = run.next();
    if (step.done) return step.value;
    if (performance.now() - since < SLICE_MS) continue;
    await setImmediate();
    since = performance.now();
  }
}

function priced({ summary }: SimulationOutcome, price: MessagePrice | undefined): SimulationCost {
  const cost = price && {
    amountMinor: Math.round(summary.businessInitiated * price.amountMinor),
    currency: price.currency,
  };
  return { ...summary, cost: cost ?? null };
}

function difference(baseline: SimulationCost, other: SimulationCost): Comparison['difference'] {
  return {
    planned: other.planned - baseline.planned,
    sent: other.sent - baseline.sent,
    waiting: other.waiting - baseline.waiting,
    businessInitiated: other.businessInitiated - baseline.businessInitiated,
    customersReminded: other.customersReminded - baseline.customersReminded,
    costMinor: other.cost && baseline.cost ? other.cost.amountMinor - baseline.cost.amountMinor : null,
  };
}
