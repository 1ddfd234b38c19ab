import { CommandBus } from '@nestjs/cqrs';
import type { TenantId } from '../../src/kernel/ids.js';
import { newId } from '../../src/kernel/ids.js';
import { DecideThreadType } from '../../src/modules/conversations/application/inbox/decide-thread-type.js';
import { TakeOffWhoSeesNoMore } from '../../src/modules/conversations/application/inbox/take-off-who-sees-no-more.js';
import { UnitOfWork } from '../../src/platform/database/unit-of-work.js';
import { Inbox } from './inbox.js';
import { colleague, plantMerchant, type PolicyMerchant } from './policy-cases.js';

interface Conversation {
  id: string;
  type: string | null;
  status: string;
  assignee: { id: string; name: string } | null;
  participants: { id: string }[];
  labels: { id: string; name: string }[];
  referenceLink: string | null;
  contact: { id: string; name: string | null };
  unreadCount: number;
}
interface Told {
  name: string;
  user_id: string | null;
  actor: string | null;
  payload: { changed?: Record<string, unknown>; kind?: string; left?: boolean };
}

describe('People work on conversations', () => {
  let inbox: Inbox;
  let house: PolicyMerchant;
  let seller: { userId: string; token: string };
  let tenant: TenantId;
  const token = (name: string): string => house.callers.find((caller) => caller.name === name)!.token;
  const userId = (name: string): string => house.callers.find((caller) => caller.name === name)!.userId!;
  const admin = (): string => house.adminToken;
  const show = async (id: string): Promise<Conversation> =>
    (await inbox.call<Conversation>('GET', `/v1/conversations/${id}`, admin())).body;
  /** A conversation of its own for each test, in Athens. */
  let phones = 0;
  const open = async (by = admin()): Promise<Conversation> => {
    const { status, body } = await inbox.call<Conversation>('POST', '/v1/conversations', by, {
      phone: `+91 97000 ${String(++phones).padStart(5, '0')}`,
      phoneNumberId: house.numbers[0]!.phoneNumberId,
    });
    expect(status).toBe(201);
    return body;
  };
  const told = (id: string): Promise<Told[]> =>
    inbox.sql<Told>(
      tenant,
      `select name, user_id, actor, payload from tenant_event where thread_id = $1::uuid or payload ->> 'conversationId' = $1::uuid::text order by position`,
      [id],
    );
  const assign = async (by: string, id: string, to: string | null, from?: string | null): Promise<number> =>
    (
      await inbox.call('POST', `/v1/conversations/${id}/assign`, by, {
        userId: to,
        ...(from !== undefined && { from }),
      })
    ).status;

  beforeAll(async () => {
    inbox = await Inbox.open();
    house = await plantMerchant(inbox, 1);
    tenant = house.tenantId;
    seller = await colleague(inbox, admin(), 'SALES', ['athens']);
  });
  afterAll(() => inbox.close());

  describe('One begins a conversation, or finds it (S1.6, S1.69, S1.70, S1.74, S1.106)', () => {
    const body = { phone: '+91 98765 43210', name: 'Asha Rao', referenceLink: 'https://crm.example/42' };

    it('with a name and a link, and finds it the second time (S1.72)', async () => {
      const first = await inbox.call<Conversation>('POST', '/v1/conversations', admin(), body);
      expect({ status: first.status, link: first.body.referenceLink, name: first.body.contact.name }).toEqual({
        status: 201,
        link: 'https://crm.example/42',
        name: 'Asha Rao',
      });
      const again = await inbox.call<Conversation>('POST', '/v1/conversations', admin(), {
        phone: '0091 (98765) 43210',
        name: 'Asha',
      });
      expect({ status: again.status, id: again.body.id, link: again.body.referenceLink }).toEqual({
        status: 200,
        id: first.body.id,
        link: 'https://crm.example/42',
      });
      expect(again.body.contact.name).toBe('Asha');
    });

    it('many at once, and with a message that arrives meanwhile: one conversation, one contact', async () => {
      const answers = await Promise.all([
        ...Array.from({ length: 20 }, (_, n) =>
          inbox.call<Conversation>('POST', '/v1/conversations', admin(), { phone: '+919811112222', name: `Name ${n}` }),
        ),
        inbox.arrive(
          tenant,
          inbox.message({ waId: '919811112222' }, 'hello there', { phoneNumberId: house.numbers[0]!.phoneNumberId }),
        ),
      ]);
      const ids = answers.map((answer) => (typeof answer === 'string' ? answer : answer.body.id));
      expect(new Set(ids).size).toBe(1);
      const statuses = answers.flatMap((answer) => (typeof answer === 'string' ? [] : [answer.status]));
      expect(statuses.every((status) => status === 200 || status === 201)).toBe(true);
      const [counted] = await inbox.sql<{ contacts: number; threads: number }>(
        tenant,
        `select count(distinct contact_id)::int as contacts,
           (select count(*)::int from thread t where t.contact_id = any(array_agg(i.contact_id))) as threads
         from contact_identity i where value in ('+919811112222', '919811112222')`,
      );
      expect(counted).toEqual({ contacts: 1, threads: 1 });
    });

    it.each([
      ['a number that is none (S1.71, S1.95)', { phone: '+0123456789' }, 400],
      ['too few digits', { phone: '+12345' }, 400],
      ['a link that is none', { phone: '+919800000001', referenceLink: 'javascript:alert(1)' }, 400],
      ['a number of nobody here', { phone: '+919800000001', phoneNumberId: '999' }, 404],
    ])('is refused %s', async (_, wrong, status) => {
      expect((await inbox.call('POST', '/v1/conversations', admin(), wrong)).status).toBe(status);
    });

    it('on a number that the caller sees: the default one, and no other (S1.27)', async () => {
      const sales = await inbox.call<{ phoneNumberId: string }>('POST', '/v1/conversations', token('SALES'), {
        phone: '+919800000077',
      });
      expect([sales.status, sales.body.phoneNumberId]).toEqual([201, house.numbers[0]!.phoneNumberId]);
      const crete = { phone: '+919800000077', phoneNumberId: house.numbers[2]!.phoneNumberId };
      expect((await inbox.call('POST', '/v1/conversations', token('SALES'), crete)).status).toBe(404);
    });
  });

  describe('One changes a conversation (S1.92)', () => {
    it('archives it, links it, names it; each change is told once', async () => {
      const { id } = await open();
      const change = { status: 'archived', referenceLink: 'https://crm.example/7', name: 'Ravi', type: 'owner' };
      const { body } = await inbox.call<Conversation>('PATCH', `/v1/conversations/${id}`, token('SALES'), change);
      expect(body).toMatchObject({ status: 'archived', referenceLink: 'https://crm.example/7', type: 'owner' });
      expect(body.contact.name).toBe('Ravi');
      await inbox.call('PATCH', `/v1/conversations/${id}`, token('SALES'), { status: 'archived' });
      const changes = (await told(id)).map(({ payload }) => payload.changed);
      expect(changes).toEqual([
        { created: true },
        { status: 'archived', referenceLink: 'https://crm.example/7', type: 'owner', contactName: 'Ravi' },
      ]);
    });

    it('blocks it where the role may, both ways', async () => {
      const { id } = await open();
      const block = async (by: string, status: string): Promise<number> =>
        (await inbox.call('PATCH', `/v1/conversations/${id}`, by, { status })).status;
      expect(await block(token('SALES'), 'blocked')).toBe(403);
      expect(await block(token('SALES_TEAM_LEAD'), 'blocked')).toBe(200);
      expect(await block(token('SALES'), 'active')).toBe(403);
      expect(await block(admin(), 'active')).toBe(200);
    });

    it('is marked as read (S1.90)', async () => {
      const thread = house.threads[0]!;
      expect((await show(thread.id)).unreadCount).toBe(1);
      expect((await inbox.call('POST', `/v1/conversations/${thread.id}/read`, admin())).status).toBe(204);
      expect((await inbox.call('POST', `/v1/conversations/${thread.id}/read`, admin())).status).toBe(204);
      expect((await show(thread.id)).unreadCount).toBe(0);
      expect((await told(thread.id)).map(({ payload }) => payload.changed)).toEqual([{ unreadCount: 0 }]);
    });
  });

  describe('A conversation is somebody’s (S1.92, S4.4, S4.20, C62)', () => {
    it('of two who take it at once one gets it, the other is told so', async () => {
      const { id } = await open();
      const both = await Promise.all([
        assign(token('SALES'), id, userId('SALES')),
        assign(seller.token, id, seller.userId),
      ]);
      expect(both.sort()).toEqual([204, 409]);
    });

    it('of two leads who saw it free, too', async () => {
      const { id } = await open();
      expect(await assign(admin(), id, userId('SALES'), null)).toBe(204);
      expect(await assign(token('SALES_TEAM_LEAD'), id, seller.userId, null)).toBe(409);
      expect(await assign(token('SALES_TEAM_LEAD'), id, seller.userId)).toBe(204);
    });

    it('is given to those alone who would see it', async () => {
      const { id } = await open();
      expect(await assign(admin(), id, userId('LEAD_GEN'))).toBe(422);
      expect(await assign(admin(), id, newId())).toBe(422);
      expect(await assign(token('SALES'), id, seller.userId)).toBe(403);
      expect(await assign(token('LEAD_GEN'), id, userId('LEAD_GEN'))).toBe(404);
    });

    it('whose it becomes hears of it, unless he took it himself (S1.32)', async () => {
      const { id } = await open();
      await assign(token('SALES'), id, userId('SALES'));
      await assign(admin(), id, seller.userId);
      const news = (await told(id)).filter(({ name }) => name === 'notification');
      expect(news).toMatchObject([{ user_id: seller.userId, payload: { kind: 'assigned' } }]);
      expect((await show(id)).assignee).toEqual({ id: seller.userId, name: 'SALES person' });
    });

    it('others work on it beside him', async () => {
      const { id } = await open();
      const put = async (by: string, user: string): Promise<number> =>
        (await inbox.call('PUT', `/v1/conversations/${id}/participants/${user}`, by)).status;
      expect(await put(token('SALES'), seller.userId)).toBe(403);
      expect(await put(token('SALES'), userId('SALES'))).toBe(204);
      expect(await put(admin(), seller.userId)).toBe(204);
      expect(await put(admin(), userId('LEAD_GEN'))).toBe(422);
      expect((await show(id)).participants.map((one) => one.id).sort()).toEqual(
        [userId('SALES'), seller.userId].sort(),
      );
      expect(
        (await inbox.call('DELETE', `/v1/conversations/${id}/participants/${seller.userId}`, seller.token)).status,
      ).toBe(204);
      expect((await show(id)).participants.map((one) => one.id)).toEqual([userId('SALES')]);
    });

    it('leaves whoever is disabled, or works elsewhere (S1.98)', async () => {
      const leaver = await colleague(inbox, admin(), 'SALES', ['athens']);
      const { id } = await open();
      await assign(admin(), id, leaver.userId);
      await inbox.call('PUT', `/v1/conversations/${id}/participants/${seller.userId}`, admin());
      await inbox.call('PATCH', `/v1/users/${leaver.userId}`, admin(), { areas: ['crete'] });
      const [event] = await inbox.sql<{ type: string; aggregate_id: string; payload: Record<string, unknown> }>(
        tenant,
        `select type, aggregate_id, payload from outbox_event where aggregate_id = $1 and type = 'tenants.user-areas-changed'`,
        [leaver.userId],
      );
      const delivered = {
        id: newId(),
        type: event!.type,
        aggregateId: event!.aggregate_id,
        occurredAt: inbox.clock.now(),
        payload: event!.payload,
      };
      await inbox.in(tenant, () => inbox.get(UnitOfWork).runSql(() => inbox.get(TakeOffWhoSeesNoMore).on(delivered)));
      expect(await show(id)).toMatchObject({ assignee: null, participants: [{ id: seller.userId }] });
      const last = (await told(id)).slice(-2);
      expect(last).toMatchObject([
        { payload: { changed: { assigneeId: null, participantIds: [seller.userId] } } },
        { user_id: leaver.userId, payload: { left: true } },
      ]);
    });
  });

  describe('Its type is decided by the first template, or by a person (S1.89, C50)', () => {
    const decide = (id: string, name: string): Promise<void> =>
      inbox.in(tenant, () =>
        inbox.get(UnitOfWork).runSql(() => inbox.get(CommandBus).execute(new DecideThreadType(id, name))),
      );

    it('by nothing while there are no rules; then by the preset’s; a choice is never overwritten', async () => {
      const [before, owner, guest, chosen] = [await open(), await open(), await open(), await open()];
      await decide(before.id, 'owners_template');
      expect((await inbox.call('POST', '/v1/inbox-presets/villa-rentals/apply', token('SALES'))).status).toBe(403);
      expect((await inbox.call('POST', '/v1/inbox-presets/villa-rentals/apply', admin())).status).toBe(204);
      expect((await inbox.call('POST', '/v1/inbox-presets/villas/apply', admin())).status).toBe(404);
      await inbox.call('PATCH', `/v1/conversations/${chosen.id}`, admin(), { type: 'guest' });
      await decide(owner.id, 'Owners_Template_2');
      await decide(owner.id, 'first_template');
      await decide(guest.id, 'first_template');
      await decide(chosen.id, 'owners_template');
      const types = await Promise.all([before, owner, guest, chosen].map(async ({ id }) => (await show(id)).type));
      expect(types).toEqual([null, 'owner', 'guest', 'guest']);
      const { body } = await inbox.call<{ rules: unknown[] }>('GET', '/v1/conversation-type-rules', admin());
      expect(body.rules).toHaveLength(2);
      const put = { rules: [{ match: 'equals', pattern: 'x', type: 'owner' }] };
      expect((await inbox.call('PUT', '/v1/conversation-type-rules', admin(), put)).body).toEqual(put);
    });
  });

  describe('Notes, labels and canned replies', () => {
    it('a note is its author’s to rewrite, and a lead’s to remove', async () => {
      const { id } = await open();
      const note = await inbox.call<{ id: string; authorName: string }>(
        'POST',
        `/v1/conversations/${id}/notes`,
        token('SALES'),
        { body: 'Pays on Friday' },
      );
      expect([note.status, note.body.authorName]).toEqual([201, 'SALES person']);
      const path = `/v1/conversations/${id}/notes/${note.body.id}`;
      expect((await inbox.call('PATCH', path, admin(), { body: 'no' })).status).toBe(403);
      expect((await inbox.call('PATCH', path, token('SALES'), { body: 'Pays on Monday' })).status).toBe(200);
      const list = await inbox.call<{ data: { body: string }[] }>('GET', `/v1/conversations/${id}/notes`, admin());
      expect(list.body.data.map(({ body }) => body)).toEqual(['Pays on Monday']);
      expect((await inbox.call('DELETE', path, seller.token)).status).toBe(403);
      expect((await inbox.call('DELETE', path, token('SALES_TEAM_LEAD'))).status).toBe(204);
      expect((await inbox.call('DELETE', path, admin())).status).toBe(404);
    });

    it('a label is put on conversations, found by, and removed with', async () => {
      const { id } = await open();
      const label = { name: 'VIP', color: '#AA00FF' };
      const added = await inbox.call<{ id: string; color: string }>('POST', '/v1/labels', admin(), label);
      expect([added.status, added.body.color]).toEqual([201, '#aa00ff']);
      expect((await inbox.call('POST', '/v1/labels', admin(), label)).status).toBe(409);
      const path = `/v1/conversations/${id}/labels/${added.body.id}`;
      expect((await inbox.call('PUT', path, token('SALES'))).status).toBe(204);
      expect((await inbox.call('PUT', `/v1/conversations/${id}/labels/${newId()}`, admin())).status).toBe(404);
      const found = await inbox.call<{ data: Conversation[] }>(
        'GET',
        `/v1/conversations?label=${added.body.id}`,
        admin(),
      );
      expect(found.body.data.map((one) => [one.id, one.labels[0]!.name])).toEqual([[id, 'VIP']]);
      const change = await inbox.call('PATCH', `/v1/labels/${added.body.id}`, admin(), { name: 'Very important' });
      expect(change.body).toMatchObject({ name: 'Very important', color: '#aa00ff' });
      expect((await inbox.call('DELETE', `/v1/labels/${added.body.id}`, admin())).status).toBe(204);
      expect((await show(id)).labels).toEqual([]);
    });

    it('a canned reply is filled in for a conversation, and of an area seen by its area', async () => {
      const { id } = await open();
      await inbox.call('PATCH', `/v1/conversations/${id}`, admin(), { name: 'Asha' });
      const reply = { shortcut: 'Thanks', body: 'Thank you {{contact.name}}! {{agent.name}}, {{reference}}' };
      const added = await inbox.call<{ id: string; shortcut: string }>('POST', '/v1/canned-replies', admin(), reply);
      expect([added.status, added.body.shortcut]).toEqual([201, 'thanks']);
      expect((await inbox.call('POST', '/v1/canned-replies', admin(), reply)).status).toBe(409);
      const unknown = { shortcut: 'x', body: '{{contact.iban}}' };
      expect((await inbox.call('POST', '/v1/canned-replies', admin(), unknown)).status).toBe(422);
      const rendered = await inbox.call('POST', `/v1/canned-replies/${added.body.id}/render`, token('SALES'), {
        conversationId: id,
      });
      expect(rendered.body).toEqual({ text: 'Thank you Asha! SALES person, ', missing: ['reference'] });
      await inbox.call('PATCH', `/v1/canned-replies/${added.body.id}`, admin(), { areaId: house.areas.crete });
      const seen = async (name: string): Promise<number> =>
        (await inbox.call<{ data: unknown[] }>('GET', '/v1/canned-replies', token(name))).body.data.length;
      expect([await seen('SALES'), await seen('LEAD_GEN'), await seen('API_KEY')]).toEqual([0, 1, 1]);
      expect((await inbox.call('DELETE', `/v1/canned-replies/${added.body.id}`, token('SALES'))).status).toBe(404);
      expect((await inbox.call('DELETE', `/v1/canned-replies/${added.body.id}`, admin())).status).toBe(204);
    });
  });

  describe('The inbox behaves as the merchant says (C52, C65)', () => {
    it('by settings that all read and the ADMIN writes', async () => {
      const settings = { salesAssignedOnly: true, readReceipts: 'never', botPauseMinutes: 15 };
      expect((await inbox.call('PUT', '/v1/inbox-settings', token('DEVELOPER'), settings)).status).toBe(403);
      expect((await inbox.call('PUT', '/v1/inbox-settings', admin(), settings)).status).toBe(200);
      expect((await inbox.call('GET', '/v1/inbox-settings', token('SALES'))).body).toEqual(settings);
    });

    it('whoever sees his own alone keeps what he opens, and loses what becomes another’s', async () => {
      const { id, assignee } = await open(token('SALES'));
      expect(assignee?.id).toBe(userId('SALES'));
      expect(await assign(admin(), id, seller.userId)).toBe(204);
      expect((await inbox.call('GET', `/v1/conversations/${id}`, token('SALES'))).status).toBe(404);
      const left = (await told(id)).filter(({ payload }) => payload.left);
      expect(left).toMatchObject([{ user_id: userId('SALES') }]);
    });
  });
});
