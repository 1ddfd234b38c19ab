import type { TenantId } from '../../src/kernel/ids.js';
import { newId } from '../../src/kernel/ids.js';
import { InboxAccess, type InboxCaller, type ThreadFacts } from '../../src/kernel/inbox-access.js';
import type { Role } from '../../src/kernel/access.js';
import type { Inbox } from './inbox.js';

/** Who works where; ADMIN and DEVELOPER reach all areas, LEAD_GEN and the others those that they are given. */
const PEOPLE: Readonly<Record<Role, readonly Area[]>> = {
  ADMIN: [],
  DEVELOPER: [],
  SALES_TEAM_LEAD: ['athens', 'thessaloniki'],
  SALES: ['athens'],
  LEAD_GEN: ['crete'],
};
export const AREAS = ['athens', 'thessaloniki', 'crete'] as const;
export type Area = (typeof AREAS)[number];

/** One of the six who ask: a user of a role, or the merchant's API key. */
export interface PolicyCaller {
  readonly name: Role | 'API_KEY';
  readonly token: string;
  readonly userId: string | undefined;
  /** As it is under the setting that is in force. */
  readonly access: (salesAssignedOnly: boolean) => InboxAccess;
}

/** A conversation with one of everything that hangs on it; each id, and `words`, stands for it in an answer. */
export interface PolicyThread extends ThreadFacts {
  readonly id: string;
  readonly phoneNumberId: string;
  readonly contactId: string;
  readonly phone: string;
  /** What the customer wrote, and nobody else. */
  readonly words: string;
  readonly messageId: string;
  readonly outgoingId: string;
  readonly mediaId: string;
  readonly noteId: string;
  readonly callId: string;
  readonly chargeMicros: number;
}

export interface PolicyMerchant {
  readonly tenantId: TenantId;
  readonly adminToken: string;
  readonly areas: Readonly<Record<Area, string>>;
  readonly callers: readonly PolicyCaller[];
  readonly numbers: readonly { readonly phoneNumberId: string; readonly areaId: string | null }[];
  readonly threads: readonly PolicyThread[];
}

/**
 * A merchant with three areas, a number in each and one in none, six callers, and conversations of every kind that the policy tells apart:
 * assigned to nobody or to one of two users, with and without participants.
 * @param merchant 1 to 9: parts of ids and numbers come from it
 */
export async function plantMerchant(inbox: Inbox, merchant: number): Promise<PolicyMerchant> {
  const { tenantId, apiKey, adminToken } = await register(inbox);
  const areas = {} as Record<Area, string>;
  for (const name of AREAS)
    areas[name] = (await inbox.call<{ id: string }>('POST', '/v1/areas', adminToken, { name })).body.id;
  const callers: PolicyCaller[] = [
    { name: 'API_KEY', token: apiKey, userId: undefined, access: () => InboxAccess.of({ areas: 'all' }) },
  ];
  for (const [role, works] of Object.entries(PEOPLE) as [Role, readonly Area[]][]) {
    const { userId, token } = await colleague(inbox, adminToken, role, works);
    const caller: InboxCaller = { role, userId, areas: works.map((area) => areas[area]) };
    const access = (salesAssignedOnly: boolean): InboxAccess => InboxAccess.of({ ...caller, salesAssignedOnly });
    callers.push({ name: role, token, userId, access });
  }
  const plant = (text: string, ...values: unknown[]): Promise<object[]> =>
    inbox.sql(tenantId, text, [tenantId, ...values]);
  const account = newId();
  await plant(
    `insert into whatsapp_account (tenant_id, id, waba_id, status, setup_status, connected_at, updated_at)
     values ($1::uuid, $2::uuid, $3, 'connected', 'COMPLETED', now(), now())`,
    account,
    `70${merchant}`,
  );
  const numbers = [...AREAS.map((area) => areas[area]), null].map((areaId, index) => ({
    phoneNumberId: `${merchant}000${index}`,
    areaId,
  }));
  for (const { phoneNumberId, areaId } of numbers)
    await plant(
      `insert into phone_number (tenant_id, phone_number_id, account_id, display_phone_number, area_id, created_at, updated_at)
       values ($1::uuid, $2, $3::uuid, '+9111', $4::uuid, now(), now())`,
      phoneNumberId,
      account,
      areaId,
    );
  const user = (role: Role): string => callers.find(({ name }) => name === role)!.userId!;
  const threads = numbers.flatMap(({ phoneNumberId, areaId }, at) =>
    [null, user('SALES'), user('LEAD_GEN')].flatMap((assigneeId, who) =>
      [[], [user('SALES'), user('SALES_TEAM_LEAD')]].map((participantIds, beside): PolicyThread => {
        const n = at * 6 + who * 2 + beside;
        return {
          id: newId(),
          contactId: newId(),
          phoneNumberId,
          areaId,
          assigneeId,
          participantIds,
          phone: `+9198${merchant}${String(n).padStart(7, '0')}`,
          words: `zebra${merchant}x${String(n).padStart(2, '0')}`,
          messageId: newId(),
          outgoingId: newId(),
          mediaId: newId(),
          noteId: newId(),
          callId: `call.${merchant}.${n}`,
          chargeMicros: 2 ** n,
        };
      }),
    ),
  );
  for (const thread of threads) await plantThread(plant, thread);
  return { tenantId, adminToken, areas, callers, numbers, threads };
}

async function plantThread(
  plant: (text: string, ...values: unknown[]) => Promise<unknown>,
  thread: PolicyThread,
): Promise<void> {
  const { id, contactId, phoneNumberId, assigneeId, participantIds, phone, words } = thread;
  await plant(
    `insert into contact (tenant_id, id, name, created_at, updated_at) values ($1::uuid, $2::uuid, $3, now(), now())`,
    contactId,
    `Name ${words}`,
  );
  await plant(
    `insert into contact_identity (tenant_id, kind, value, contact_id, created_at) values ($1::uuid, 'phone', $2, $3::uuid, now())`,
    phone,
    contactId,
  );
  await plant(
    `insert into thread (tenant_id, id, phone_number_id, contact_id, assignee_id, unread_count, last_message_at, last_inbound_at, last_message_direction, last_message_preview, created_at, updated_at)
     values ($1::uuid, $2::uuid, $3, $4::uuid, $5::uuid, 1, '2026-11-21T09:00:00Z', '2026-11-21T09:00:00Z', 'INBOUND', $6, now(), now())`,
    id,
    phoneNumberId,
    contactId,
    assigneeId,
    words,
  );
  for (const userId of participantIds)
    await plant(
      `insert into thread_participant (tenant_id, thread_id, user_id, added_at) values ($1::uuid, $2::uuid, $3::uuid, now())`,
      id,
      userId,
    );
  for (const [messageId, direction, state] of [
    [thread.messageId, 'INBOUND', 'received'],
    [thread.outgoingId, 'OUTBOUND', 'failed'],
  ] as const)
    await plant(
      `insert into message (tenant_id, id, phone_number_id, direction, address_kind, address, thread_id, type, content, category, state, wamid, next_at, created_at, updated_at)
       values ($1::uuid, $2::uuid, $3, $4, 'phone', $5, $6::uuid, 'text', $7::jsonb, 'agent_reply', $8, $9, now(), now(), now())`,
      messageId,
      phoneNumberId,
      direction,
      phone.slice(1),
      id,
      JSON.stringify(direction === 'INBOUND' ? { type: 'text', text: words } : { type: 'text', body: 'an answer' }),
      state,
      `wamid.${messageId}`,
    );
  await plant(
    `insert into media (tenant_id, id, source, phone_number_id, message_id, thread_id, kind, state, failure, created_at)
     values ($1::uuid, $2::uuid, 'inbound', $3, $4::uuid, $5::uuid, 'image', 'failed', '{"code":"LINK_EXPIRED","detail":"","times":1}', now())`,
    thread.mediaId,
    phoneNumberId,
    thread.messageId,
    id,
  );
  await plant(
    `insert into note (tenant_id, id, thread_id, author, body, created_at, updated_at)
     values ($1::uuid, $2::uuid, $3::uuid, 'api-key:somebody', $4, now(), now())`,
    thread.noteId,
    id,
    words,
  );
  await plant(
    `insert into call_record (tenant_id, call_id, phone_number_id, thread_id, direction, address_kind, address, state, started_at, updated_at)
     values ($1::uuid, $2, $3, $4::uuid, 'INBOUND', 'phone', $5, 'terminate', now(), now())`,
    thread.callId,
    phoneNumberId,
    id,
    phone.slice(1),
  );
  await plant(
    `insert into message_charge (tenant_id, message_id, phone_number_id, thread_id, model, category, billable, market, at, cost_micros, currency, pricing)
     values ($1::uuid, $2::uuid, $3, $4::uuid, 'PMP', 'utility', true, 'IN', '2026-11-21T09:00:00Z', $5::bigint, 'INR', '{}')`,
    thread.outgoingId,
    phoneNumberId,
    id,
    String(thread.chargeMicros),
  );
}

async function register(inbox: Inbox): Promise<{ tenantId: TenantId; apiKey: string; adminToken: string }> {
  const { tenantId, apiKey, email } = await inbox.merchant();
  return { tenantId, apiKey, adminToken: await logIn(inbox, email, 'a-long-test-password') };
}

async function logIn(inbox: Inbox, email: string, password: string): Promise<string> {
  // Log-ins of one address are limited by the clock that stands.
  inbox.clock.advance(60_000);
  const { body } = await inbox.call<{ accessToken: string }>('POST', '/v1/auth/login', '', { email, password });
  return body.accessToken;
}

/** A further user of the merchant, logged in. */
export async function colleague(
  inbox: Inbox,
  adminToken: string,
  role: Role,
  areas: readonly string[],
): Promise<{ userId: string; token: string }> {
  const [email, password] = [`${newId()}@merchant.example`, 'a-colleagues-password'];
  const { status, body } = await inbox.call<{ id: string }>('POST', '/v1/users', adminToken, {
    email,
    password,
    name: `${role} person`,
    role,
    areas,
  });
  if (status !== 201) throw new Error(`No colleague: ${JSON.stringify(body)}`);
  return { userId: body.id, token: await logIn(inbox, email, password) };
}
