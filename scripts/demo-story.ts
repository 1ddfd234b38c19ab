/**
 * What the demo plays: a due from the day it is added until it is paid, with the clock moved on from one morning to the next, and a
 * line for each thing that happens, also for those that you cause yourself afterwards. A client of the public API and of the sandbox.
 */
import { DEMO_CUSTOMER, DEMO_MERCHANT, DEMO_NUMBER, seedDemoMerchant } from '../prisma/seed.ts';
import { type Addresses, DemoClient, type PhoneMessage, Refused } from './demo-client.ts';
import { type SentMessage, stamp, Watch } from './demo-watch.ts';

const WATCH_EVERY_MS = 150;
/** So that a person can follow. */
const BREATH_MS = 700;
const DAY_MS = 86_400_000;
/** After the reminder came, the customer has a look at the phone. */
const LATER_THAT_MORNING_MS = 90 * 60_000;
const PRICE = { amountMinor: 500_000, currency: DEMO_MERCHANT.currency };

interface Due {
  id: string;
  dueDate: string;
  status: string;
  expectedPaymentDate: string | null;
  reminderPausedUntil: string | null;
  reminders: { id: string; stage: string; scheduledFor: string }[];
}
interface Reminder {
  id: string;
  status: string;
  reason: string | null;
  messageId: string | null;
}

/** Runs until `signal` aborts. */
export async function playDemo(
  addresses: Addresses,
  signal: AbortSignal,
  print: (line: string) => void,
): Promise<void> {
  await seedDemoMerchant(addresses.api, addresses.platformKey);
  print(`Log in as ${DEMO_MERCHANT.admin.email} with password ${DEMO_MERCHANT.admin.password}`);
  const client = new DemoClient(addresses, signal);
  const watch = await Watch.begin(client, print);
  await new Story(client, watch, print).play();
  print('Your turn: write to the merchant as any customer, for example');
  print(
    `  curl -s ${addresses.sandbox}/sandbox/handsets/${DEMO_CUSTOMER.phone}/messages -H 'content-type: application/json' -d '{"phoneNumberId":"${DEMO_NUMBER.phoneNumberId}","text":"hi"}'`,
  );
  while (!client.isOver) {
    // A server that is stopping has nothing to show.
    await watch.look().catch(() => undefined);
    await client.pause(WATCH_EVERY_MS).catch(() => undefined);
  }
}

class Story {
  readonly #client: DemoClient;
  readonly #watch: Watch;
  readonly #print: (line: string) => void;

  constructor(client: DemoClient, watch: Watch, print: (line: string) => void) {
    this.#client = client;
    this.#watch = watch;
    this.#print = print;
  }

  async play(): Promise<void> {
    const customerId = await this.#customer();
    const due = await this.#addDue(customerId);
    await this.#askWhatIsDue();
    for (const { id, scheduledFor } of due.reminders) {
      await this.#moveTo(new Date(scheduledFor));
      await this.#sent(id);
    }
    await this.#moveTo(new Date((await this.#client.now()).getTime() + LATER_THAT_MORNING_MS));
    const pausedUntil = await this.#promise(due);
    await this.#moveTo(pausedUntil);
    await this.#brokenPromise(customerId, due);
    await this.#pay(customerId, due);
    await this.#silence(due);
  }

  async #customer(): Promise<string> {
    try {
      return (
        await this.#client.post<{ id: string }>('/v1/customers', { ...DEMO_CUSTOMER, phone: `+${DEMO_CUSTOMER.phone}` })
      ).id;
    } catch (error) {
      if (error instanceof Refused && error.problem['code'] === 'CUSTOMER_EXISTS')
        return String(error.problem['customerId']);
      throw error;
    }
  }

  /** Eight days ahead, so that the reminders of seven, three and no days before it are all still to come. */
  async #addDue(customerId: string): Promise<Due> {
    const dueDate = dayOf(new Date((await this.#client.now()).getTime() + 8 * DAY_MS));
    const due = await this.#client.post<Due>(`/v1/customers/${customerId}/dues`, {
      amount: PRICE,
      dueDate,
      description: 'Rice and oil',
    });
    await this.#tell(`${DEMO_MERCHANT.name} add a due: ${DEMO_CUSTOMER.name} owes ${MONEY} until ${dated(dueDate)}`);
    const mornings = due.reminders.map(({ scheduledFor }) => stamp(new Date(scheduledFor))).join(', ');
    await this.#tell(`NoDue plans ${due.reminders.length} reminders: ${mornings}`);
    return due;
  }

  async #askWhatIsDue(): Promise<void> {
    const { phone } = DEMO_CUSTOMER;
    await this.#client.act(phone, { text: 'hi' });
    const menu = await this.#answer((message) => message.type === 'interactive');
    await this.#client.pause(BREATH_MS);
    await this.#client.act(phone, { tap: 'CHECK_CURRENT_DUE', context: menu.wamid });
    await this.#answer(() => true);
  }

  /** The customer taps "Pay today" on the reminder that came last. @returns until when reminders wait */
  async #promise(due: Due): Promise<Date> {
    const reminder = (await this.#client.screen(DEMO_CUSTOMER.phone)).findLast(({ type }) => type === 'template');
    await this.#client.act(DEMO_CUSTOMER.phone, { tap: 'Pay today', context: reminder?.wamid ?? '' });
    const { expectedPaymentDate, reminderPausedUntil } = await this.#client.until('The promise', async () => {
      const now = await this.#client.get<Due>(`/v1/dues/${due.id}`);
      return now.reminderPausedUntil ? now : undefined;
    });
    const until = new Date(reminderPausedUntil ?? '');
    await this.#answer(() => true);
    await this.#tell(
      `NoDue notes a promise to pay by ${dated(expectedPaymentDate ?? '')}; reminders wait until ${stamp(until)}`,
    );
    return until;
  }

  async #brokenPromise(customerId: string, due: Due): Promise<void> {
    await this.#client.until('The end of the promise', async () => {
      const [latest] = await this.#client.list<{ state: string }>(`/v1/customers/${customerId}/commitments`);
      return latest?.state === 'broken' ? latest : undefined;
    });
    await this.#tell('Nothing was paid: the promise is broken, and the next step is taken');
    const overdue = await this.#client.until('The overdue reminder', async () => {
      const [step] = await this.#client.list<Reminder>(`/v1/reminders?dueId=${due.id}&type=after_due`);
      return step;
    });
    await this.#sent(overdue.id);
    const decisions = await this.#client.list<{ at: string; sentence: string }>(
      `/v1/reminders/${overdue.id}/decisions`,
    );
    await this.#tell('Why then, and not before? NoDue has it in writing:');
    for (const { at, sentence } of decisions) this.#print(`${stamp(new Date(at))}    ${sentence}`);
  }

  async #pay(customerId: string, due: Due): Promise<void> {
    await this.#client.pause(BREATH_MS);
    await this.#client.post(`/v1/customers/${customerId}/payments`, { amount: PRICE, dueId: due.id, method: 'upi' });
    await this.#tell(`${DEMO_CUSTOMER.name} pays ${MONEY}; the due is settled`);
  }

  async #silence(due: Due): Promise<void> {
    await this.#moveTo(new Date((await this.#client.now()).getTime() + 14 * DAY_MS));
    const reminders = await this.#client.list<Reminder>(`/v1/reminders?dueId=${due.id}`);
    const sent = reminders.filter(({ status }) => status === 'sent').length;
    await this.#tell(`Silence: ${sent} reminders were sent for this due, and none since it was paid`);
  }

  async #moveTo(instant: Date): Promise<void> {
    await this.#watch.look();
    await this.#client.pause(BREATH_MS);
    this.#print(`${' '.repeat(16)}  ... the clock moves on ...`);
    await this.#client.advanceTo(instant);
  }

  async #sent(reminderId: string): Promise<void> {
    const messageId = await this.#client.until('A reminder', async () => {
      const { status, messageId, reason } = await this.#client.get<Reminder>(`/v1/reminders/${reminderId}`);
      if (['cancelled', 'failed', 'expired'].includes(status)) throw new Error(`A reminder was not sent: ${reason}`);
      return messageId ?? undefined;
    });
    await this.#read(({ messageId: id }) => id === messageId);
  }

  /** What the customer's phone shows as read since the customer last wrote. */
  async #answer(wanted: (message: PhoneMessage) => boolean): Promise<PhoneMessage> {
    const answer = await this.#client.until('An answer', async () => {
      const screen = await this.#client.screen(DEMO_CUSTOMER.phone);
      const since = screen.slice(screen.findLastIndex(({ direction }) => direction === 'written') + 1);
      return since.find((message) => message.status === 'read' && wanted(message));
    });
    await this.#read(({ wamid }) => wamid === answer.wamid);
    return answer;
  }

  /** Until NoDue knows that the customer has read a message. */
  async #read(wanted: (message: { messageId: string; wamid: string | null }) => boolean): Promise<void> {
    await this.#client.until('A read receipt', async () => {
      const messages = await this.#client.list<SentMessage>('/v1/messages?limit=20');
      return messages.find((message) => message.status === 'read' && wanted(message));
    });
    await this.#watch.look();
  }

  async #tell(line: string): Promise<void> {
    this.#print(`${stamp(await this.#client.now())}  ${line}`);
  }
}

const MONEY = new Intl.NumberFormat('en-IN', { style: 'currency', currency: PRICE.currency }).format(
  PRICE.amountMinor / 100,
);

/** `YYYY-MM-DD` by the merchant's calendar. */
function dayOf(instant: Date): string {
  return new Intl.DateTimeFormat('en-CA', { timeZone: DEMO_MERCHANT.timezone }).format(instant);
}

function dated(day: string): string {
  return new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeZone: 'UTC' }).format(new Date(day));
}
