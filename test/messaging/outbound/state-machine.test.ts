import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { newId, type TenantId } from '../../../src/kernel/ids.js';
import { Commands } from '../../../src/platform/cqrs/commands.js';
import { CancelMessage } from '../../../src/modules/messaging/application/outbound/cancel-message.js';
import { ResendMessage } from '../../../src/modules/messaging/application/outbound/resend-message.js';
import type { MessageCategory } from '../../../src/modules/messaging/domain/message-category.js';
import { MAX_REFUSALS, PRIORITY } from '../../../src/modules/messaging/domain/outbound-message.js';
import type { SendOutcome } from '../../../src/modules/messaging/domain/send-outcome.js';
import { settle } from '../../../src/modules/messaging/domain/settlement.js';
import { OverdueMessages } from '../../../src/modules/messaging/infrastructure/outbound/overdue-messages.js';
import { type ClaimedMessage, SendQueue } from '../../../src/modules/messaging/infrastructure/outbound/send-queue.js';
import { Settlements } from '../../../src/modules/messaging/infrastructure/outbound/settlements.js';
import { createTestDatabase, type TestDatabase } from '../../setup/database.js';
import { newTenant, numberOf, OutboundEngine, ScriptedProvider, ScriptedSenders } from './outbound-rig.js';

const error = { code: 'X', title: 'x' };

/** What can happen to one message, in any order. `attempt` picks one of the claims so far, also one that was lost long ago. */
type Happening =
  | { readonly kind: 'claim' | 'claims-end' | 'time-passes' | 'cancel' | 'resend' }
  | { readonly kind: 'outcome'; readonly attempt: number; readonly outcome: SendOutcome };

const outcomes = fc.constantFrom<SendOutcome>(
  { kind: 'accepted', wamid: '' },
  { kind: 'not-sent', error },
  { kind: 'throttled', scope: 'number', error },
  { kind: 'refused', about: 'message', error },
  { kind: 'credential', error },
  { kind: 'unknown', soft: false, error },
  { kind: 'unknown', soft: true, error },
  { kind: 'deferred', retryAt: new Date(0) },
);
const happenings = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: fc.constant<Happening>({ kind: 'claim' }) },
    {
      weight: 4,
      arbitrary: fc.record({ kind: fc.constant('outcome' as const), attempt: fc.nat(3), outcome: outcomes }),
    },
    {
      weight: 3,
      arbitrary: fc.constantFrom('claims-end', 'time-passes', 'cancel', 'resend').map((kind) => ({ kind })),
    },
  ),
  { minLength: 4, maxLength: 20 },
);
const categories = fc.constantFrom(...(Object.keys(PRIORITY) as MessageCategory[]));

/** A claim that was given back, and whose attempt's number another claim took over since, tells an outcome all the same. */
const TOLD_AGAIN_AFTER_IT_WAS_GIVEN_BACK: Happening[] = [
  { kind: 'claim' },
  { kind: 'outcome', attempt: 0, outcome: { kind: 'deferred', retryAt: new Date(0) } },
  { kind: 'claim' },
  { kind: 'outcome', attempt: 1, outcome: { kind: 'refused', about: 'message', error } },
  { kind: 'outcome', attempt: 0, outcome: { kind: 'deferred', retryAt: new Date(0) } },
];

interface Row {
  state: string;
  attempt_no: number;
  refusals: number;
  wamid: string | null;
  attempts: { no: number; outcome: string | null; wamid: string | null; twice: boolean }[];
}

describe("An outgoing message's life, whatever happens to it in whatever order (reliability 2.5)", () => {
  let database: TestDatabase;
  let engine: OutboundEngine;
  let tenant: TenantId;

  beforeAll(async () => {
    database = await createTestDatabase();
    engine = await OutboundEngine.start(database, new ScriptedProvider(), new ScriptedSenders(), { ROLE: 'api' });
  });
  afterAll(async () => {
    await engine.close();
    await database.drop();
  });

  const look = async (id: string): Promise<Row> => {
    const [row] = await engine.sql<Row>(
      tenant,
      `select state, attempt_no, refusals, wamid, coalesce((select json_agg(json_build_object('no', attempt_no, 'outcome', outcome, 'wamid', wamid,
         'twice', coalesce(error ->> 'code' = 'ACCEPTED_TWICE', false)) order by attempt_no) from send_attempt where message_id = message.id), '[]') as attempts
       from message where id = $1`,
      [id],
    );
    return row!;
  };

  /** @returns the claim, when the message was free to be claimed */
  const happen = async (
    id: string,
    claims: ClaimedMessage[],
    happening: Happening,
  ): Promise<ClaimedMessage | undefined> => {
    const number = numberOf(tenant);
    const command = async (given: CancelMessage | ResendMessage): Promise<undefined> => {
      await engine
        .as(tenant, () => engine.module.get(Commands).execute(given))
        .catch((refusal: { kind?: string }) => {
          if (refusal.kind !== 'conflict') throw refusal;
        });
    };
    switch (happening.kind) {
      case 'claim': {
        await engine.sql(tenant, `update message set next_at = business_now() where state = 'queued'`);
        const { messages } = await engine.as(tenant, () =>
          engine.module.get(SendQueue).claim(number, { count: 5, resting: [], leaseToken: randomUUID() }),
        );
        return messages[0];
      }
      case 'outcome': {
        const { attempt, outcome: given } = happening;
        const message = claims[claims.length - 1 - (attempt % claims.length)];
        if (!message) return undefined;
        const outcome = given.kind === 'accepted' ? { ...given, wamid: `wamid.${newId()}` } : given;
        const settled = { message, outcome, settlement: settle(message, outcome, new Date(), 0) };
        await engine.as(tenant, () => engine.module.get(Settlements).write(number, [settled]));
        return undefined;
      }
      case 'claims-end':
        await engine.sql(
          tenant,
          `update message set lease_until = now() - interval '1 second' where state = 'sending'`,
        );
        break;
      case 'time-passes':
        await engine.sql(tenant, `update send_attempt set started_at = started_at - interval '20 minutes'`);
        await engine.sql(tenant, `update message set next_at = business_now() where state = 'unknown'`);
        break;
      case 'cancel':
        return command(new CancelMessage(id));
      case 'resend':
        return command(new ResendMessage(id));
    }
    await engine.as(tenant, () => engine.module.get(OverdueMessages).settle(number, undefined));
    return undefined;
  };

  const ENDS = new Set(['failed', 'cancelled', 'expired', 'accepted']);

  it('never ends twice, never counts what is no fault of its own, and flags each acceptance beyond the first', async () => {
    await fc.assert(
      fc.asyncProperty(categories, happenings, async (category, story) => {
        tenant = newTenant();
        const { messageId } = await engine.enqueue(tenant, '911', 'hello', { category });
        const claims: ClaimedMessage[] = [];
        let before = await look(messageId);
        for (const happening of story) {
          const claimed = await happen(messageId, claims, happening);
          const now = await look(messageId);
          if (claimed) {
            expect([before.state, now.state]).toEqual(['queued', 'sending']);
            claims.push(claimed);
          }
          if (ENDS.has(before.state)) expect(now.state).toBe(before.state);
          if (before.state === 'unknown' && now.state === 'queued') expect(happening.kind).not.toBe('outcome');
          const accepted = now.attempts.filter(({ outcome }) => outcome === 'accepted');
          expect(accepted.filter(({ twice }) => !twice).length).toBeLessThanOrEqual(1);
          expect(now.attempts).toHaveLength(now.attempt_no);
          if (now.state === 'accepted') expect(accepted.map(({ wamid }) => wamid)).toContain(now.wamid);
          if (accepted.length > 0) expect([...ENDS]).toContain(now.state);
          expect(now.refusals).toBeLessThanOrEqual(MAX_REFUSALS);
          const counts = happening.kind === 'outcome' && ['not-sent', 'refused'].includes(happening.outcome.kind);
          if (now.refusals > before.refusals) expect(counts || happening.kind === 'time-passes').toBe(true);
          before = now;
        }
      }),
      { numRuns: 60, examples: [['authentication', TOLD_AGAIN_AFTER_IT_WAS_GIVEN_BACK]] },
    );
  }, 180_000);
});
