import { ROLES, type Role } from '../../src/kernel/access.js';
import { newId } from '../../src/kernel/ids.js';
import { InboxAccess, type InboxCaller, type ThreadFacts } from '../../src/kernel/inbox-access.js';
import {
  type Condition,
  heardThreads,
  seenNumbers,
  seenThreads,
  seenUnderThreads,
} from '../../src/platform/auth/index.js';
import { VisibleThreads } from '../../src/modules/conversations/application/visible-threads.js';
import { UnitOfWork } from '../../src/platform/database/unit-of-work.js';
import { Inbox } from '../conversations/inbox.js';

const [ATHENS, THESSALONIKI, CRETE] = [newId(), newId(), newId()];
const PEOPLE = [newId(), newId()];
const NUMBERS = new Map<string, string | null>([
  ['11', ATHENS],
  ['12', THESSALONIKI],
  ['13', CRETE],
  ['14', null],
]);
interface PlantedThread extends ThreadFacts {
  readonly id: string;
  readonly phoneNumberId: string;
}

const threads: PlantedThread[] = [...NUMBERS].flatMap(([phoneNumberId, areaId]) =>
  [null, ...PEOPLE].flatMap((assigneeId) =>
    [[], [PEOPLE[0]!], PEOPLE].map((participantIds) => ({
      id: newId(),
      phoneNumberId,
      areaId,
      assigneeId,
      participantIds,
    })),
  ),
);

const callers: InboxCaller[] = ([...ROLES, undefined] as (Role | undefined)[]).flatMap((role) =>
  [true, false].flatMap((salesAssignedOnly) =>
    (['all', [], [ATHENS], [THESSALONIKI, CRETE]] as const).flatMap((areas) =>
      (role === undefined ? [undefined] : PEOPLE).map((userId) => ({ role, userId, areas, salesAssignedOnly })),
    ),
  ),
);

describe('What the policy of the inbox says, SQL says too (S1.25, S1.26, S1.27, S1.28, S1.29, S1.31, C52)', () => {
  let inbox: Inbox;
  const tenant = (): string => merchant.tenantId;
  let merchant: Awaited<ReturnType<Inbox['merchant']>>;

  beforeAll(async () => {
    inbox = await Inbox.open();
    merchant = await inbox.merchant();
    const plant = (text: string, ...values: unknown[]): Promise<object[]> =>
      inbox.sql(merchant.tenantId, text, [tenant(), ...values]);
    const account = newId();
    await plant(
      `insert into whatsapp_account (tenant_id, id, waba_id, status, setup_status, connected_at, updated_at)
       values ($1::uuid, $2::uuid, '1', 'connected', 'COMPLETED', now(), now())`,
      account,
    );
    for (const area of [ATHENS, THESSALONIKI, CRETE])
      await plant(
        `insert into area (tenant_id, id, name, created_at) values ($1::uuid, $2::uuid, $2::text, now())`,
        area,
      );
    for (const [number, area] of NUMBERS)
      await plant(
        `insert into phone_number (tenant_id, phone_number_id, account_id, display_phone_number, area_id, created_at, updated_at)
         values ($1::uuid, $2, $3::uuid, '+911', $4::uuid, now(), now())`,
        number,
        account,
        area,
      );
    for (const { id, phoneNumberId, assigneeId, participantIds } of threads) {
      await plant(
        `insert into thread (tenant_id, id, phone_number_id, contact_id, assignee_id, last_message_at, last_message_direction, last_message_preview, created_at, updated_at)
         values ($1::uuid, $2::uuid, $3, $2::uuid, $4::uuid, now(), 'INBOUND', '', now(), now())`,
        id,
        phoneNumberId,
        assigneeId,
      );
      await plant(
        `insert into media (tenant_id, id, source, phone_number_id, thread_id, kind, state, created_at)
         values ($1::uuid, $2::uuid, 'inbound', $3, $2::uuid, 'image', 'pending', now())`,
        id,
        phoneNumberId,
      );
      for (const userId of participantIds)
        await plant(
          `insert into thread_participant (tenant_id, thread_id, user_id, added_at) values ($1::uuid, $2::uuid, $3::uuid, now())`,
          id,
          userId,
        );
    }
  });
  afterAll(() => inbox.close());

  const select = async (table: string, key: string, { sql, parameters }: Condition): Promise<string[]> => {
    const rows = await inbox.sql<{ key: string }>(
      merchant.tenantId,
      `select x.${key} as key from ${table} x where x.tenant_id = $1::uuid and ${sql} order by 1`,
      [tenant(), ...parameters],
    );
    return rows.map((row) => row.key);
  };

  it('of each caller and thread: who sees it, and who hears of it', async () => {
    for (const caller of callers) {
      const access = InboxAccess.of(caller);
      const those = (rule: (thread: PlantedThread) => boolean): string[] =>
        threads
          .filter(rule)
          .map(({ id }) => id)
          .sort();
      const bySql = {
        caller,
        seen: await select('thread', 'id', seenThreads(access, 'x', 2)),
        heard: await select('thread', 'id', heardThreads(access, 'x', 2)),
        media: await select('media', 'thread_id', seenUnderThreads(access, 'x', 2)),
        numbers: await select('phone_number', 'phone_number_id', seenNumbers(access, 'x', 2)),
      };
      expect(bySql).toEqual({
        caller,
        seen: those((thread) => access.sees(thread)),
        heard: those((thread) => access.hearsOf(thread)),
        media: those((thread) => access.sees(thread)),
        numbers: [...NUMBERS].filter(([, area]) => access.seesNumber(area)).map(([number]) => number),
      });
    }
  });

  it('and the one door to a conversation opens to whoever sees it, with what he may do (S1.94)', async () => {
    const doors = inbox.get(VisibleThreads);
    for (const caller of callers.filter(({ areas }) => areas !== 'all').slice(0, 40)) {
      const access = InboxAccess.of(caller);
      for (const thread of threads.filter((_, index) => index % 5 === 0)) {
        const answer = await inbox
          .in(merchant.tenantId, () => inbox.get(UnitOfWork).run(() => doors.lock(access, 'block', thread.id)))
          .then(
            ({ assigneeId, participantIds, areaId }) => ({
              assigneeId,
              participantIds: [...participantIds].sort(),
              areaId,
            }),
            (error: unknown) => (error as { code: string }).code,
          );
        const { assigneeId, participantIds, areaId } = thread;
        expect(answer).toEqual(
          access.may('block', thread)
            ? { assigneeId, participantIds: [...participantIds].sort(), areaId }
            : access.sees(thread)
              ? 'ACT_NOT_ALLOWED'
              : 'CONVERSATION_NOT_FOUND',
        );
      }
    }
  });
});
