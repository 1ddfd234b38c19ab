import { addDays, type CalendarDate } from '../../src/kernel/local-time.js';
import { type Deed, seeded } from '../../src/modules/reminders/domain/simulation/responses.js';
import type { Merchant, Rig } from './rig.js';

export const ZONES = ['Asia/Kolkata', 'Europe/Berlin', 'America/New_York'] as const;
/** The clocks of New York change on 14 March, those of Berlin on the 28th. */
export const BEGIN = '2027-03-01T00:00:00Z';
export const DAYS = 30;
export const POLICY = {
  allowedFrom: '08:00',
  allowedUntil: '19:00',
  weekdays: [1, 2, 3, 4, 5, 6],
  holidays: ['2027-03-22'],
  maxPerDay: 1,
} as const;

/** Gentle in the morning, insistent at noon, and one whose hour nobody may be contacted at, and which New York skips once. */
const TERMS = [
  { name: 'gentle', reminderOffsets: [7, 3, 0], overdueSteps: [1], sendAt: '09:00' },
  { name: 'insistent', reminderOffsets: [6, 4, 1, 0], overdueSteps: [1, 3, 7], sendAt: '12:15' },
  { name: 'nightly', reminderOffsets: [3, 0], overdueSteps: [2, 9], sendAt: '02:30' },
] as const;

const PROBABILITIES = {
  PAY: 0.12,
  PAY_HALF: 0.08,
  STOP: 0.03,
  PAY_TODAY: 0.12,
  PAID_TODAY: 0.05,
  PAY_WEEK: 0.08,
  PAY_SOON: 0.06,
  NEED_STATEMENT: 0.06,
};
const AMOUNT = 100_000;
/** Reminders of one due that are answered at most. */
const ANSWERED = 5;
/** However often, never a whole day together, so that no two things about a due fall on one instant. */
const DELAY_MINUTES = 45;

export interface Debtor {
  readonly customerId: string;
  readonly phone: string;
  readonly zone: string;
  readonly dueIds: readonly string[];
}

export type Line = { customerId: string; dueId: string; onReminder: number; afterMinutes: number } & Deed;

/** A merchant with customers in three zones, each with a due, some with two. */
export async function openBooks(rig: Rig, merchant: Merchant, customers: number): Promise<Debtor[]> {
  const ask = async (method: string, path: string, body: object): Promise<{ id: string }> => {
    const answer = await rig.call<{ id: string }>(method, `/v1/${path}`, merchant.apiKey, body);
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  };
  await ask('PUT', 'contact-policy', POLICY);
  const terms: string[] = [];
  for (const term of TERMS) terms.push((await ask('POST', 'payment-terms', term)).id);
  const open = async (n: number): Promise<Debtor> => {
    const phone = `9198765${String(n).padStart(5, '0')}`;
    const zone = ZONES[n % ZONES.length]!;
    const { id: customerId } = await ask('POST', 'customers', {
      name: `Customer ${n}`,
      phone: `+${phone}`,
      timezone: zone,
    });
    const dueIds: string[] = [];
    for (let each = 0; each < (n % 10 === 0 ? 2 : 1); each++) {
      const dueDate: CalendarDate = addDays('2027-02-24', (n * 7 + each * 2) % 34);
      const paymentTermId = terms[(n >> 2) % terms.length];
      const due = { amount: { amountMinor: AMOUNT, currency: 'INR' }, dueDate, paymentTermId };
      dueIds.push((await ask('POST', `customers/${customerId}/dues`, due)).id);
    }
    return { customerId, phone, zone, dueIds };
  };
  return inTurns(
    Array.from({ length: customers }, (_, n) => n),
    open,
  );
}

/** What customers are going to do, dealt out by a seed, each month the same: who has two dues only answers what names its due. */
export function behaviour(debtors: readonly Debtor[], seed: string): Line[] {
  const model = seeded({ seed, probabilities: PROBABILITIES, delayMinutes: 1 });
  return debtors.flatMap(({ customerId, phone, dueIds }, n) =>
    dueIds.flatMap((dueId, index) =>
      Array.from({ length: ANSWERED }, (_, before) => before + 1).flatMap((onReminder) =>
        model({ customerId, dueId: `${phone}:${index}`, nth: onReminder })
          .filter((deed) => dueIds.length === 1 || !('answer' in deed) || ON_EVERY_TEMPLATE.has(deed.answer))
          .map((deed) => ({ ...deed, customerId, dueId, onReminder, afterMinutes: DELAY_MINUTES }))
          .flatMap((line) => ('answer' in line ? [line, ...laterPayment(line, n + onReminder)] : [line])),
      ),
    ),
  );
}

/** Of those who answer, some pay before the day is over: all, or half of it. */
function laterPayment({ customerId, dueId, onReminder, afterMinutes }: Line, chance: number): Line[] {
  if (chance % 3 === 0) return [];
  return [{ customerId, dueId, onReminder, afterMinutes: afterMinutes + 400, pay: chance % 3 === 1 ? 1 : 0.5 }];
}

const ON_EVERY_TEMPLATE: ReadonlySet<string> = new Set(['PAY_WEEK', 'NEED_STATEMENT']);

/** Said where the reminder has no button for it. */
const WORDS: Readonly<Record<string, string>> = {
  PAY_TODAY: 'I will pay today',
  PAID_TODAY: 'payment done',
  PAY_SOON: 'give me some time',
};

/** Lets customers act: by their phones, or by money that the merchant records. */
export class Customers {
  readonly #outstanding = new Map<string, number>();

  constructor(
    private readonly rig: Rig,
    private readonly merchant: Merchant,
    private readonly debtors: ReadonlyMap<string, Debtor>,
  ) {}

  async act({ customerId, dueId }: { customerId: string; dueId: string }, deed: Deed): Promise<void> {
    const { phone } = this.debtors.get(customerId)!;
    if ('pay' in deed) return this.#pay(customerId, dueId, deed.pay);
    if ('stop' in deed) return this.rig.write(phone, this.merchant.phoneNumberId, { text: 'STOP' });
    return this.#answer(phone, dueId, deed.answer);
  }

  async #pay(customerId: string, dueId: string, share: number): Promise<void> {
    const owed = this.#outstanding.get(dueId) ?? AMOUNT;
    const amountMinor = Math.round(owed * share);
    this.#outstanding.set(dueId, owed - amountMinor);
    const payment = { amount: { amountMinor, currency: 'INR' }, dueId };
    const answer = await this.rig.call('POST', `/v1/customers/${customerId}/payments`, this.merchant.apiKey, payment);
    if (answer.status >= 300) throw new Error(`A payment was refused: ${JSON.stringify(answer.body)}`);
  }

  async #answer(phone: string, dueId: string, answer: string): Promise<void> {
    const { phoneNumberId } = this.merchant;
    const reminder = (await this.rig.handset(phone)).findLast(
      ({ direction, type, ...rest }) =>
        direction === 'received' && type === 'template' && JSON.stringify(rest).includes(dueId),
    );
    const isOffered = JSON.stringify(reminder).includes(`"${answer}:${dueId}"`);
    const act = isOffered ? { tap: `${answer}:${dueId}`, context: reminder!.wamid } : { text: WORDS[answer]! };
    await this.rig.write(phone, phoneNumberId, act);
  }
}

/** A few at a time. */
export async function inTurns<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
  atOnce = 8,
): Promise<Result[]> {
  const results: Result[] = [];
  for (let start = 0; start < items.length; start += atOnce)
    results.push(...(await Promise.all(items.slice(start, start + atOnce).map(work))));
  return results;
}
