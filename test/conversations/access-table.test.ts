import { parse } from 'yaml';
import { newId } from '../../src/kernel/ids.js';
import type { InboxAccess, InboxAct } from '../../src/kernel/inbox-access.js';
import { apiDescriptions } from '../../src/openapi.js';
import { testConfig } from '../setup/config.js';
import { Inbox } from './inbox.js';
import { plantMerchant, type PolicyCaller, type PolicyMerchant, type PolicyThread } from './policy-cases.js';

const NOWHERE = {
  databaseUrl: 'postgresql://nodue@127.0.0.1:1/nodue',
  databaseOwnerUrl: '',
  drop: () => Promise.resolve(),
};

/** What a route must answer: the code of a refusal, or `granted`. */
type Expected = string;

interface Route {
  readonly url: (thread: PolicyThread, caller: PolicyCaller) => string;
  readonly body?: (thread: PolicyThread, caller: PolicyCaller) => object;
  /** What who does not see the conversation is told. */
  readonly hidden?: string;
  /** What the act is; left out: reading. */
  readonly act?: InboxAct;
  /** Programs have no use for it. */
  readonly forUsers?: true;
  /** What who sees it may be told, when that depends on who came first. */
  readonly anyOf?: readonly Expected[];
  /** What who sees it is told, when that is neither yes nor a matter of the act. */
  readonly seen?: (access: InboxAccess, thread: PolicyThread, caller: PolicyCaller) => Expected;
}

interface List {
  readonly url: (thread: PolicyThread) => string;
  /** What of a conversation stands in the answer. */
  readonly shows: (thread: PolicyThread) => string;
  readonly by?: (access: InboxAccess, thread: PolicyThread) => boolean;
  /** Asked once for each conversation, and not once for all. */
  readonly perThread?: true;
}

const SOMEBODY = newId();
const ofMessage = (which: 'messageId' | 'outgoingId', path = ''): Route['url'] => {
  return (thread) => `/v1/messages/${thread[which]}${path}`;
};
const ofThread =
  (path = ''): Route['url'] =>
  ({ id }) =>
    `/v1/conversations/${id}${path}`;

/** Every route that takes a conversation, or something that hangs on one. */
const ROUTES: Readonly<Record<string, Route>> = {
  'GET /v1/conversations/{id}': { url: ofThread() },
  'PATCH /v1/conversations/{id}': {
    url: ofThread(),
    body: () => ({ status: 'blocked' }),
    act: 'block',
  },
  'POST /v1/conversations/{id}/read': { url: ofThread('/read'), act: 'write' },
  'POST /v1/conversations/{id}/assign': {
    url: ofThread('/assign'),
    body: ({ assigneeId }) => ({ userId: assigneeId }),
    seen: (access, thread) => (access.mayAssign(thread, thread.assigneeId) ? 'granted' : 'ACT_NOT_ALLOWED'),
  },
  'PUT /v1/conversations/{id}/participants/{userId}': {
    url: ofThread(`/participants/${SOMEBODY}`),
    seen: (access, thread) => (access.mayInvite(thread, SOMEBODY) ? 'ASSIGNEE_CANNOT_SEE' : 'ACT_NOT_ALLOWED'),
  },
  'DELETE /v1/conversations/{id}/participants/{userId}': {
    url: ofThread(`/participants/${SOMEBODY}`),
    seen: (access, thread) => (access.mayInvite(thread, SOMEBODY) ? 'granted' : 'ACT_NOT_ALLOWED'),
  },
  'PUT /v1/conversations/{id}/labels/{labelId}': {
    url: ofThread(`/labels/${SOMEBODY}`),
    seen: () => 'LABEL_NOT_FOUND',
  },
  'DELETE /v1/conversations/{id}/labels/{labelId}': { url: ofThread(`/labels/${SOMEBODY}`), act: 'write' },
  'GET /v1/conversations/{id}/notes': { url: ofThread('/notes') },
  'POST /v1/conversations/{id}/notes': { url: ofThread('/notes'), body: () => ({ body: 'noted' }), act: 'write' },
  'PATCH /v1/conversations/{id}/notes/{noteId}': {
    url: ({ id, noteId }) => `/v1/conversations/${id}/notes/${noteId}`,
    body: () => ({ body: 'rewritten' }),
    seen: () => 'ACT_NOT_ALLOWED',
  },
  'DELETE /v1/conversations/{id}/notes/{noteId}': {
    url: ofThread(`/notes/${SOMEBODY}`),
    seen: () => 'NOTE_NOT_FOUND',
  },
  'GET /v1/conversations/{id}/messages': { url: ofThread('/messages') },
  'GET /v1/conversations/{id}/messages/export': { url: ofThread('/messages/export') },
  'POST /v1/conversations/{id}/messages': {
    url: ofThread('/messages'),
    body: () => ({ type: 'text', text: 'hello', replyTo: SOMEBODY }),
    seen: () => 'MESSAGE_NOT_FOUND',
  },
  'POST /v1/conversations/{id}/mute': {
    url: ofThread('/mute'),
    body: () => ({ minutes: 1 }),
    forUsers: true,
  },
  'POST /v1/conversations/{id}/unmute': { url: ofThread('/unmute'), forUsers: true },
  'GET /v1/messages/{id}': { url: ofMessage('messageId'), hidden: 'MESSAGE_NOT_FOUND' },
  'POST /v1/messages/{id}/cancel': {
    url: ofMessage('outgoingId', '/cancel'),
    hidden: 'MESSAGE_NOT_FOUND',
    seen: () => 'MESSAGE_NOT_CANCELLABLE',
  },
  'POST /v1/messages/{id}/resend': {
    url: ofMessage('outgoingId', '/resend'),
    hidden: 'MESSAGE_NOT_FOUND',
    seen: () => 'MESSAGE_NOT_PARKED',
  },
  'GET /v1/media/{id}': { url: ({ mediaId }) => `/v1/media/${mediaId}`, hidden: 'MEDIA_NOT_FOUND' },
  // One of the callers is the first; for the others it is on its way already.
  'POST /v1/media/{id}/fetch': {
    url: ({ mediaId }) => `/v1/media/${mediaId}/fetch`,
    hidden: 'MEDIA_NOT_FOUND',
    anyOf: ['granted', 'MEDIA_NOT_FAILED'],
  },
};

/** Every list, count, search and export of what hangs on conversations. */
const LISTS: Readonly<Record<string, List>> = {
  'GET /v1/conversations': { url: () => '/v1/conversations?limit=100', shows: ({ id }) => id },
  'GET /v1/conversations (of a number)': {
    url: ({ phoneNumberId }) => `/v1/conversations?limit=100&phoneNumberId=${phoneNumberId}`,
    shows: ({ id }) => id,
    perThread: true,
  },
  'GET /v1/conversations (unread)': { url: () => '/v1/conversations?limit=100&unread=true', shows: ({ id }) => id },
  'GET /v1/conversations (of an assignee)': {
    url: ({ assigneeId }) => `/v1/conversations?limit=100&assignee=${assigneeId ?? 'none'}`,
    shows: ({ id }) => id,
    perThread: true,
  },
  'GET /v1/conversations (search)': { url: () => '/v1/conversations?limit=100&q=zebra', shows: ({ id }) => id },
  'GET /v1/conversations (search of a message)': {
    url: ({ words }) => `/v1/conversations?q=${words}`,
    shows: ({ id }) => id,
    perThread: true,
  },
  'GET /v1/conversations (search of a number)': {
    url: ({ phone }) => `/v1/conversations?q=${encodeURIComponent(phone)}`,
    shows: ({ id }) => id,
    perThread: true,
  },
  'GET /v1/conversations/export': { url: () => '/v1/conversations/export', shows: ({ id }) => id },
  'GET /v1/messages': { url: () => '/v1/messages?limit=100', shows: ({ outgoingId }) => outgoingId },
  'GET /v1/notifications/summary': {
    url: () => '/v1/notifications/summary',
    shows: ({ id }) => id,
    by: (access, thread) => access.hearsOf(thread),
  },
  'GET /v1/whatsapp/account': {
    url: () => '/v1/whatsapp/account',
    shows: ({ phoneNumberId }) => `"${phoneNumberId}"`,
    by: (access, { areaId }) => access.seesNumber(areaId),
  },
  'GET /v1/whatsapp/phone-numbers': {
    url: () => '/v1/whatsapp/phone-numbers',
    shows: ({ phoneNumberId }) => `"${phoneNumberId}"`,
    by: (access, { areaId }) => access.seesNumber(areaId),
  },
  'GET /v1/whatsapp/phone-health': {
    url: () => '/v1/whatsapp/phone-health',
    shows: ({ phoneNumberId }) => `"${phoneNumberId}"`,
    by: (access, { areaId }) => access.seesNumber(areaId),
  },
  'GET /v1/calls': { url: () => '/v1/calls?limit=100', shows: ({ callId }) => `"${callId}"` },
  'GET /v1/events': { url: () => '/v1/events?after=0&limit=100', shows: ({ id }) => id },
};

/** Of the same families of routes, with the reason why no conversation is behind them, or which test looks at them. */
const EXEMPT: Readonly<Record<string, string>> = {
  'POST /v1/conversations': 'inbox-work.test.ts: on numbers that the caller sees',
  'GET /v1/conversations/counts': 'its numbers are compared below',
  'GET /v1/billing/usage': 'its numbers are compared below',
  'GET /v1/billing/conversations': 'as usage, by the same condition; billing/cost.test.ts',
  'GET /v1/billing/rate-cards': 'prices, of nobody in particular',
  'PUT /v1/billing/rate-cards': 'for ADMIN, who sees all areas',
  'POST /v1/billing/revalue': 'for ADMIN, who sees all areas',
  'POST /v1/media': 'names no conversation; who may send the file: test/media',
  'GET /v1/media/{id}/content': 'opened by its link alone, which only who sees the file gets',
  'POST /v1/messages': 'names a number and a customer: messages.test.ts',
  'DELETE /v1/whatsapp/account': 'for ADMIN and DEVELOPER, who see all areas',
  'PATCH /v1/whatsapp/phone-numbers/{phoneNumberId}': 'for ADMIN and DEVELOPER, who see all areas',
  'POST /v1/whatsapp/phone-numbers/{phoneNumberId}/resume': 'for ADMIN and DEVELOPER, who see all areas',
};

const FAMILIES =
  /^\/v1\/(conversations|messages|media|notifications|events|calls|whatsapp\/(account|phone)|billing)(\/|$|-)/;

describe('What each of six callers sees and does is what the policy says (S1.23, S1.24, S1.25, S1.26, S1.27, S1.28, S1.29, S1.30, S1.31, S1.98)', () => {
  let inbox: Inbox;
  let merchants: readonly [PolicyMerchant, PolicyMerchant];

  beforeAll(async () => {
    inbox = await Inbox.open();
    merchants = [await plantMerchant(inbox, 1), await plantMerchant(inbox, 2)];
    for (const { tenantId, threads } of merchants) {
      for (const [index, { id, phoneNumberId }] of threads.entries())
        await inbox.sql(
          tenantId,
          `insert into tenant_event (tenant_id, id, seq, name, phone_number_id, thread_id, payload, occurred_at)
           values ($1::uuid, $2::uuid, $3::bigint, 'whatsapp-conversation-update', $4, $5::uuid, jsonb_build_object('conversationId', $5::uuid), now())`,
          [tenantId, newId(), index + 1, phoneNumberId, id],
        );
      await inbox.sql(tenantId, 'insert into tenant_event_head (tenant_id, seq) values ($1::uuid, $2::bigint)', [
        tenantId,
        threads.length,
      ]);
    }
  });
  afterAll(() => inbox.close());

  const ask = async (route: string, url: string, { token }: PolicyCaller, body?: object): Promise<Asked> => {
    // Requests of one credential are limited by the clock that stands.
    inbox.clock.advance(100);
    const method = route.split(' ')[0] as 'GET';
    return inbox.asText(method, url, token, body);
  };

  /** Every caller under every setting that changes what it sees. */
  const callers = (merchant: PolicyMerchant, salesAssignedOnly: boolean): PolicyCaller[] =>
    merchant.callers.filter(({ name }) => !salesAssignedOnly || name === 'SALES');

  const settle = async (salesAssignedOnly: boolean): Promise<void> => {
    for (const { adminToken } of merchants)
      await inbox.call('PUT', '/v1/inbox-settings', adminToken, {
        salesAssignedOnly,
        readReceipts: 'bot',
        botPauseMinutes: 60,
      });
  };

  it('and the table knows every route of these families', async () => {
    const description = (await apiDescriptions(testConfig(NOWHERE))).get('docs/openapi.yaml')!;
    const body = parse(description) as { paths: Record<string, object> };
    const routes = Object.entries(body.paths).flatMap(([path, methods]) =>
      FAMILIES.test(path) ? Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`) : [],
    );
    const known = [...Object.keys(ROUTES), ...Object.keys(LISTS), ...Object.keys(EXEMPT)];
    expect(routes.filter((route) => !known.includes(route))).toEqual([]);
    expect(known.filter((route) => !route.endsWith(')') && !routes.includes(route))).toEqual([]);
  });

  describe.each([false, true])('when sales see their own conversations alone: %s', (salesAssignedOnly) => {
    beforeAll(() => settle(salesAssignedOnly));

    it.each(Object.keys(LISTS))('%s', async (route) => {
      const { url, shows, by = (access, thread) => access.sees(thread), perThread } = LISTS[route]!;
      const [own, foreign] = merchants;
      const wrong: string[] = [];
      for (const caller of callers(own, salesAssignedOnly)) {
        const access = caller.access(salesAssignedOnly);
        const looked = perThread ? own.threads.filter((_, index) => index % 5 === 0) : own.threads;
        let answer: Asked | undefined;
        for (const thread of looked) {
          if (!answer || perThread) answer = await ask(route, url(thread), caller);
          const shown = answer.text.includes(shows(thread));
          if (answer.status !== 200 || shown !== by(access, thread))
            wrong.push(`${caller.name} ${thread.words}: ${answer.status} ${shown ? 'leaks' : 'hides'}`);
        }
        if (foreign.threads.some((thread) => answer!.text.includes(shows(thread))))
          wrong.push(`${caller.name} sees another merchant's`);
      }
      expect(wrong).toEqual([]);
    });

    it('GET /v1/conversations/counts', async () => {
      for (const caller of callers(merchants[0], salesAssignedOnly)) {
        const access = caller.access(salesAssignedOnly);
        const seen = merchants[0].threads.filter((thread) => access.sees(thread));
        const { text } = await ask('GET', '/v1/conversations/counts', caller);
        expect({ caller: caller.name, ...(JSON.parse(text) as object) }).toEqual({
          caller: caller.name,
          total: seen.length,
          owner: 0,
          guest: seen.length,
          unread: seen.length,
          assignedToMe: seen.filter(({ assigneeId }) => assigneeId !== null && assigneeId === caller.userId).length,
          unassigned: seen.filter(({ assigneeId }) => assigneeId === null).length,
          archived: 0,
          blocked: 0,
        });
      }
    });
  });

  it('GET /v1/billing/usage', async () => {
    await settle(false);
    for (const caller of callers(merchants[0], false)) {
      const access = caller.access(false);
      const seen = merchants[0].threads.filter((thread) => access.sees(thread));
      const { text } = await ask('GET', '/v1/billing/usage?from=2026-11-01&to=2026-11-30&groupBy=day', caller);
      const { totals } = JSON.parse(text) as { totals: { messages: number } };
      expect({ caller: caller.name, messages: totals.messages }).toEqual({
        caller: caller.name,
        messages: seen.length,
      });
    }
  });

  // Last: these change what they touch.
  describe.each([false, true])('one by one, when sales see their own conversations alone: %s', (salesAssignedOnly) => {
    beforeAll(() => settle(salesAssignedOnly));

    it.each(Object.keys(ROUTES))('%s', async (route) => {
      const rule = ROUTES[route]!;
      const [own, foreign] = merchants;
      const turn = Object.keys(ROUTES).indexOf(route);
      const wrong: string[] = [];
      for (const caller of callers(own, salesAssignedOnly)) {
        const access = caller.access(salesAssignedOnly);
        // A third of the conversations each, another third for the next route; all of them where sight depends on whose they are.
        const some = own.threads.filter((_, index) => salesAssignedOnly || (index + turn) % 3 === 0);
        for (const thread of [...some, foreign.threads[turn % 24]!]) {
          const answer = await ask(route, rule.url(thread, caller), caller, rule.body?.(thread, caller));
          const expected = own.threads.includes(thread)
            ? expectedOf(rule, access, thread, caller)
            : hiddenOf(rule, caller);
          const outcome = outcomeOf(answer);
          if (outcome !== expected && !(expected === 'granted' && rule.anyOf?.includes(outcome)))
            wrong.push(`${caller.name} ${thread.words}: ${outcome} and not ${expected}`);
        }
      }
      expect(wrong).toEqual([]);
      // What was blocked is lifted again, so that the next route meets it as it was.
      for (const { id } of route.startsWith('PATCH /v1/conversations/{id}') ? own.threads : [])
        await inbox.sql(own.tenantId, `update thread set status = 'active' where id = $1::uuid`, [id]);
    });
  });
});

interface Asked {
  readonly status: number;
  readonly text: string;
}

function expectedOf(rule: Route, access: InboxAccess, thread: PolicyThread, caller: PolicyCaller): Expected {
  if (!access.sees(thread) || (rule.forUsers && caller.userId === undefined)) return hiddenOf(rule, caller);
  if (rule.seen) return rule.seen(access, thread, caller);
  return access.may(rule.act ?? 'read', thread) ? 'granted' : 'ACT_NOT_ALLOWED';
}

/** A program that may not do it at all is told so first. */
function hiddenOf({ hidden = 'CONVERSATION_NOT_FOUND', forUsers }: Route, caller: PolicyCaller): Expected {
  return forUsers && caller.userId === undefined ? 'ONLY_FOR_USERS' : hidden;
}

function outcomeOf({ status, text }: Asked): Expected {
  if (status < 400) return 'granted';
  try {
    return (JSON.parse(text) as { code: string }).code;
  } catch {
    return String(status);
  }
}
