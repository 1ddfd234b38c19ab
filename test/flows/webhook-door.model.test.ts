import * as fc from 'fast-check';
import { PLATFORM, type TenantId } from '../../src/kernel/ids.js';
import type { FlowInput } from '../../src/modules/flows/domain/move.js';
import { TakeInMessage } from '../../src/modules/messaging/application/inbound/take-in-message.js';
import { InboundMessages } from '../../src/modules/messaging/infrastructure/inbound/inbound-messages.drain.js';
import { SplitWebhooks } from '../../src/modules/messaging/infrastructure/inbound/split-webhooks.drain.js';
import type { SqlExecutor } from '../../src/platform/database/pools.js';
import { TenantDirectory } from '../../src/platform/database/tenant-directory.js';
import { UnitOfWork } from '../../src/platform/database/unit-of-work.js';
import type { LaneDrain } from '../../src/platform/lanes/lane-drain.js';
import { Inbox } from '../conversations/inbox.js';
import { messagesOf, signature } from '../messaging/inbound/harness.js';
import { publish } from './flows.js';
import { automatic, expected, graph, KEYS, Model, SECOND, standing, WORDS } from './model.js';

const CUSTOMERS = ['919876543210', '919876543211'] as const;
/** A person's pace, so that nobody is told that they write too fast. */
const PACE = 3 * SECOND;
const DIE = 'select pg_terminate_backend(pg_backend_pid())';

/** What a customer does, and how often Meta brings it, all at once. */
interface Act {
  readonly by: 0 | 1;
  readonly said: { readonly text: string } | { readonly tap: string; readonly shownBy: string };
  readonly copies: number;
}

interface Written {
  readonly by: 0 | 1;
  readonly wamid: string;
  readonly input: FlowInput;
  readonly tap: string | undefined;
  readonly sentAt: Date;
  readonly raw: object;
}

function acts(): fc.Arbitrary<Act[]> {
  const text = fc.constantFrom(...WORDS, 'hi', 'nonsense').map((word) => ({ text: word }));
  const id = fc.tuple(fc.constantFrom(...KEYS), fc.nat(2)).map(([name, index]) => `${name}.${index}`);
  const tap = fc.record({ tap: id, shownBy: fc.constantFrom('wamid.shown.1', 'wamid.shown.2') });
  return fc.array(
    fc.record({
      by: fc.constantFrom(0 as const, 1 as const),
      said: fc.oneof({ weight: 3, arbitrary: text }, { weight: 4, arbitrary: tap }),
      copies: fc.integer({ min: 1, max: 3 }),
    }),
    { minLength: 1, maxLength: 6 },
  );
}

/** Which statements never come back, and after which commits: counted from the beginning of a run. */
interface Doom {
  readonly atStatements: readonly number[];
  readonly afterCommits: readonly number[];
}

const deaths: fc.Arbitrary<Doom> = fc.record({
  atStatements: fc.uniqueArray(fc.nat(250), { maxLength: 8 }),
  afterCommits: fc.uniqueArray(fc.nat(20), { maxLength: 3 }),
});

/** Ends transactions as the death of a process does: the connection is gone, and nobody knows what became of the last statement. */
class Death {
  #statements = 0;
  #commits = 0;
  #of: Doom | undefined;
  count = 0;

  constructor(inbox: Inbox) {
    const unitOfWork = inbox.get(UnitOfWork);
    const sql = Object.getOwnPropertyDescriptor(UnitOfWork.prototype, 'sql')!;
    const open = () => sql.get!.call(unitOfWork) as SqlExecutor;
    Object.defineProperty(unitOfWork, 'sql', { get: () => this.#mortal(open()) });
    const messages = inbox.get(TakeInMessage);
    const takeIn = messages.takeIn.bind(messages);
    messages.takeIn = async (eventId) => {
      await takeIn(eventId);
      if (this.#of?.afterCommits.includes(this.#commits++)) this.#die();
    };
  }

  async during(of: Doom, work: () => Promise<void>): Promise<void> {
    [this.#of, this.#statements, this.#commits] = [of, 0, 0];
    await work().finally(() => (this.#of = undefined));
  }

  #mortal(sql: SqlExecutor): SqlExecutor {
    return {
      query: async (text, parameters) => {
        if (this.#of?.atStatements.includes(this.#statements++)) {
          this.count++;
          await sql.query(DIE);
        }
        return sql.query(text, parameters);
      },
    };
  }

  #die(): never {
    this.count++;
    throw new Error('Connection terminated unexpectedly');
  }
}

describe('Whatever comes through the door of webhooks', () => {
  let inbox: Inbox;
  let death: Death;
  let numbers = 0;
  let wamids = 0;

  beforeAll(async () => {
    inbox = await Inbox.open();
    death = new Death(inbox);
    // Webhooks are due by the database's clock.
    inbox.clock.advance(Math.ceil((Date.now() - inbox.clock.now().getTime()) / SECOND) * SECOND + 3600 * SECOND);
  }, 120_000);
  afterAll(() => inbox.close());

  it('several times at once, to two workers, whose processes die: the state is the model’s, and a message has one automatic answer at most (S2.6, S2.68, F12)', async () => {
    let answers = 0;
    await fc.assert(
      fc.asyncProperty(
        graph(1),
        graph(2),
        fc.array(acts(), { minLength: 2, maxLength: 5 }),
        deaths,
        async (first, second, rounds, of) => {
          const { tenantId: tenant } = await inbox.merchant();
          const phoneNumberId = String(300_000_000_000 + ++numbers);
          await inbox.in(tenant, () =>
            inbox.get(UnitOfWork).run(() => inbox.get(TenantDirectory).claim('phone_number', phoneNumberId, tenant)),
          );
          await publish(inbox, tenant, first);
          const models = CUSTOMERS.map(() => new Model([first, second], first));
          await death.during(of, async () => {
            for (const [round, all] of rounds.entries()) {
              if (round === 2) {
                await publish(inbox, tenant, second);
                models.forEach((model) => (model.newest = second));
              }
              const written = all.map((act, index) => write(act, index));
              await deliver(
                phoneNumberId,
                all.flatMap(({ copies }, index) => Array.from({ length: copies }, () => written[index]!)),
              );
              await drain(tenant, phoneNumberId);
              for (const { by, input, wamid, sentAt, tap } of written)
                models[by]!.hear(input, wamid, sentAt, inbox.clock.now(), tap);
            }
          });
          for (const [index, waId] of CUSTOMERS.entries()) {
            const answered = await automatic(inbox, tenant, waId);
            expect(answered).toEqual(models[index]!.sent);
            expect(new Set(answered.map(({ wamid }) => wamid)).size).toBe(answered.length);
            expect(await standing(inbox, tenant, waId)).toEqual(expected(models[index]!.position));
            answers += answered.length;
          }
          const stored = await inbox.sql(tenant, `select wamid from message where direction = 'INBOUND'`);
          expect(stored).toHaveLength(rounds.flat().length);
        },
      ),
      { numRuns: 10 },
    );
    // Flows that are always silent, and processes that never die, would prove nothing.
    expect(answers).toBeGreaterThan(20);
    expect(death.count).toBeGreaterThan(5);
  }, 600_000);

  /** Each writes at their own pace. */
  const write = ({ by, said }: Act, index: number): Written => {
    if (index === 0) inbox.clock.advance(6 * PACE);
    const wamid = `wamid.door.${++wamids}`;
    const sentAt = new Date(inbox.clock.now().getTime() - (6 - index) * PACE + PACE);
    const common = { from: CUSTOMERS[by], id: wamid, timestamp: String(sentAt.getTime() / SECOND) };
    if ('text' in said)
      return {
        ...{ by, wamid, sentAt, tap: undefined },
        input: { type: 'text', text: said.text, isGreeting: said.text === 'hi' },
        raw: { ...common, type: 'text', text: { body: said.text } },
      };
    return {
      ...{ by, wamid, sentAt, tap: `${said.shownBy}/${said.tap}` },
      input: { type: 'tap', id: said.tap },
      raw: {
        ...common,
        type: 'interactive',
        interactive: { type: 'button_reply', button_reply: { id: said.tap, title: 'Button' } },
        context: { from: '15550783881', id: said.shownBy },
      },
    };
  };

  /** All at once, each in a webhook of its own; the last of them once more together with the first. */
  const deliver = async (phoneNumberId: string, written: readonly Written[]): Promise<void> => {
    const groups = [...written.map((one) => [one]), [written.at(-1)!, written[0]!]];
    const statuses = await Promise.all(
      groups.map(async (group) => {
        const body = JSON.stringify(
          messagesOf(
            { tenantId: PLATFORM, phoneNumberId, wabaId: '100' },
            group.map(({ raw }) => raw),
          ),
        );
        const headers = { 'content-type': 'application/json', 'x-hub-signature-256': signature(body) };
        return (await inbox.call('POST', '/whatsapp/webhook', 'nobody', body, headers)).status;
      }),
    );
    expect(new Set(statuses)).toEqual(new Set([200]));
  };

  /** Two workers at each lane, as when the first is thought dead and is not, until nothing waits. */
  const drain = async (tenant: TenantId, phoneNumberId: string): Promise<void> => {
    const lanes = CUSTOMERS.map((customer) => `${phoneNumberId}:${customer}`);
    for (let waiting = 1, rounds = 0; waiting > 0; rounds++) {
      if (rounds > 30) throw new Error('Messages wait for ever');
      await turns(inbox.get(SplitWebhooks), 'all', PLATFORM);
      await Promise.all(lanes.map((key) => turns(inbox.get(InboundMessages), key, tenant)));
      [{ waiting }] = (await inbox.sql<{ waiting: number }>(
        tenant,
        `select ((select count(*) from webhook_inbox where state = 'pending') + (select count(*) from webhook_event where state <> 'processed'))::int as waiting`,
      )) as [{ waiting: number }];
    }
  };

  const turns = async (lane: LaneDrain, key: string, tenant: TenantId): Promise<void> => {
    const { signal } = new AbortController();
    const turn = () => inbox.in(tenant, () => lane.drain({ key, tenantId: tenant, deaths: 0, signal }));
    await Promise.allSettled([turn(), turn()]);
  };
});
