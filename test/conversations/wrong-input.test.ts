import { parse } from 'yaml';
import { newId } from '../../src/kernel/ids.js';
import { apiDescriptions } from '../../src/openapi.js';
import { testConfig } from '../setup/config.js';
import { Inbox } from './inbox.js';
import { plantMerchant, type PolicyMerchant } from './policy-cases.js';

interface Operation {
  readonly parameters?: readonly { readonly in: string; readonly name: string; readonly required?: boolean }[];
}

const NOWHERE = {
  databaseUrl: 'postgresql://nodue@127.0.0.1:1/nodue',
  databaseOwnerUrl: '',
  drop: () => Promise.resolve(),
};
/** The routes of the inbox and of what belongs to it. */
const FAMILIES =
  /^\/v1\/(alerts|billing|calls|canned-replies|conversation|events|inbox-|labels|media|messages|notifications|reply-rules|whatsapp\/(phone|templates))/;
/** Takes a form, which test/media sends. */
const UPLOAD = 'POST /v1/media';
const SAY = 'POST /v1/conversations/{id}/messages';
/** Yes, or a no that has nothing to do with the form of what was sent. */
const TAKEN: ReadonlySet<number> = new Set([200, 201, 202, 204, 404, 409, 422]);

/** What somebody may put in the place of a member. */
const ANYTHING: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  1.5,
  1e300,
  '',
  ' ',
  'x',
  '\u0000',
  'a\u0000b',
  '\ud800',
  'x'.repeat(5000),
  '9'.repeat(40),
  '2026-02-30',
  '+275760-09-13T00:00:00Z',
  '0000-01-01T00:00:00Z',
  newId(),
  [],
  [null],
  {},
  { x: 1 },
];
/** And in the place of a parameter of the query. */
const TEXTS: readonly string[] = [
  '=',
  '=%20',
  '=%00',
  '=a%00b',
  '=%ED%A0%80',
  '=%',
  '=null',
  '=0',
  '=-1',
  '=1.5',
  '=1e400',
  `=${'9'.repeat(40)}`,
  `=${'x'.repeat(3000)}`,
  '=2026-02-30',
  '=%2B275760-09-13T00:00:00Z',
  '=0000-01-01T00:00:00Z',
  `=${newId()}`,
  '=true',
  '[]=1',
  '[a]=1',
  '=%25_%5C',
];

/** A body that is taken, of each route that takes one. */
const BODIES: Readonly<Record<string, object>> = {
  'POST /v1/conversations': {
    phone: '+919700011111',
    name: 'Asha',
    referenceLink: 'https://x.example',
    phoneNumberId: '10000',
  },
  'PATCH /v1/conversations/{id}': {
    type: 'owner',
    status: 'active',
    referenceLink: 'https://x.example',
    name: 'Asha',
    botPausedUntil: '2026-11-22T10:00:00Z',
  },
  'POST /v1/conversations/{id}/assign': { userId: null, from: null },
  'POST /v1/conversations/{id}/notes': { body: 'noted' },
  'PATCH /v1/conversations/{id}/notes/{noteId}': { body: 'noted' },
  'POST /v1/conversations/{id}/mute': { minutes: 5 },
  'POST /v1/messages': { to: '+919700011111', text: 'hello', phoneNumberId: '10000', idempotencyKey: 'k' },
  'POST /v1/labels': { name: 'VIP', color: '#000000' },
  'PATCH /v1/labels/{id}': { name: 'VIP', color: '#000000' },
  'POST /v1/canned-replies': { shortcut: 'thanks', body: 'Thank you, {{contact.name}}', areaId: null },
  'PATCH /v1/canned-replies/{id}': { shortcut: 'thanks', body: 'Thank you', areaId: null },
  'POST /v1/canned-replies/{id}/render': { conversationId: newId() },
  'POST /v1/reply-rules': {
    templateName: 'first_template',
    reply: 'Yes',
    sendTemplate: 'guest_questions',
    sendLanguage: 'en',
    enabled: true,
  },
  'PATCH /v1/reply-rules/{id}': {
    templateName: 'first_template',
    reply: 'Yes',
    sendTemplate: 'guest_questions',
    sendLanguage: 'en',
    enabled: true,
  },
  'PUT /v1/conversation-type-rules': { rules: [{ match: 'contains', pattern: 'owner', type: 'owner' }] },
  'PUT /v1/inbox-settings': { salesAssignedOnly: false, readReceipts: 'bot', botPauseMinutes: 60 },
  'PUT /v1/billing/rate-cards': {
    cards: [
      {
        model: 'PMP',
        market: 'IN',
        category: 'utility',
        pricingType: 'regular',
        freeMonthly: 0,
        currency: 'INR',
        costMicros: 1,
        effectiveFrom: '2026-01-01',
        source: 'x',
      },
    ],
  },
  'POST /v1/billing/revalue': { from: '2026-11-01', to: '2026-11-02' },
  'PATCH /v1/whatsapp/phone-numbers/{phoneNumberId}': { displayName: 'Shop', areaId: null, purpose: 'default' },
  'POST /v1/whatsapp/templates': {
    wabaId: '701',
    name: 'new_template',
    language: 'en',
    category: 'utility',
    components: [{ type: 'BODY', text: 'Hello {{1}}.', example: { body_text: [['Asha']] } }],
  },
  'POST /v1/whatsapp/templates/{name}/preview': { language: 'en', parameters: { body: ['Asha'] } },
};
/** Of the route that sends every kind of message. */
const MESSAGES: readonly object[] = [
  { type: 'text', text: 'hello', previewUrl: true, idempotencyKey: 'k' },
  { type: 'text', text: 'hello', replyTo: newId() },
  { type: 'image', media: { link: 'https://x.example/a.jpg' }, caption: 'A' },
  { type: 'document', media: { id: '1' }, filename: 'a.pdf' },
  { type: 'image', media: { mediaId: newId() } },
  {
    type: 'template',
    template: {
      name: 'due',
      language: 'en',
      header: ['A'],
      body: ['A'],
      buttons: [{ index: 0, kind: 'quick_reply', value: 'y' }],
    },
  },
  { type: 'interactive', interactive: { body: 'B', header: 'H', footer: 'F', buttons: [{ id: 'y', title: 'Yes' }] } },
  {
    type: 'interactive',
    interactive: {
      body: 'B',
      button: 'Open',
      sections: [{ title: 'T', rows: [{ id: '1', title: 'One', description: 'D' }] }],
    },
  },
  { type: 'location', location: { latitude: 1, longitude: 1, name: 'N', address: 'A' } },
  { type: 'contacts', contacts: [{ name: { formatted: 'A' }, phones: [{ phone: '+911' }] }] },
  { type: 'reaction', reaction: { messageId: newId(), emoji: '👍' } },
];

/** `given` with each member in turn, at whatever depth, replaced by each of `values`. */
function* spoilt(given: unknown, values: readonly unknown[]): Generator<unknown> {
  if (Array.isArray(given)) {
    for (const [index, member] of given.entries())
      for (const other of spoilt(member, values)) yield given.with(index, other);
  } else if (typeof given === 'object' && given !== null) {
    for (const [key, member] of Object.entries(given))
      for (const other of spoilt(member, values)) yield { ...given, [key]: other };
  }
  yield* values;
}

/** For people alone, some for administrators. */
const FOR_USERS = /\/(mute|unmute)$|^P\w+ \/v1\/billing/;

describe('Whatever somebody sends to the inbox is taken or refused, and breaks nothing (S1.94)', () => {
  let inbox: Inbox;
  let shop: PolicyMerchant;
  const operations = new Map<string, Operation>();
  /** What stands for an id in a path. */
  const ids: Record<string, string> = {};

  beforeAll(async () => {
    inbox = await Inbox.open();
    shop = await plantMerchant(inbox, 1);
    const document = parse((await apiDescriptions(testConfig(NOWHERE))).get('docs/openapi.yaml')!) as {
      paths: Record<string, Record<string, Operation>>;
    };
    for (const [path, methods] of Object.entries(document.paths))
      for (const [method, operation] of Object.entries(methods))
        if (FAMILIES.test(path)) operations.set(`${method.toUpperCase()} ${path}`, operation);
    const made = async (path: string, body: object): Promise<string> =>
      (await inbox.call<{ id: string }>('POST', path, tokenOf('API_KEY'), body)).body.id;
    const [thread] = shop.threads;
    Object.assign(ids, {
      labels: await made('/v1/labels', { name: 'Late', color: '#ffffff' }),
      'canned-replies': await made('/v1/canned-replies', { shortcut: 'hours', body: 'We open at 9' }),
      'reply-rules': await made('/v1/reply-rules', { templateName: 'a', reply: 'b', sendTemplate: 'c' }),
      notes: await made(`/v1/conversations/${thread!.id}/notes`, { body: 'mine' }),
      conversations: thread!.id,
      messages: thread!.messageId,
      media: thread!.mediaId,
      'phone-numbers': thread!.phoneNumberId,
      templates: 'due_today',
    });
  });
  afterAll(() => inbox.close());

  const tokenOf = (name: string): string => shop.callers.find((caller) => caller.name === name)!.token;
  const url = (route: string): string =>
    route.split(' ')[1]!.replace(/([\w-]+)\/\{\w+\}/g, (_, of: string) => `${of}/${ids[of] ?? newId()}`);
  const ask = async (route: string, at: string, body?: unknown): Promise<{ status: number; text: string }> => {
    // Requests of one credential are limited by the clock that stands.
    inbox.clock.advance(50);
    const token = tokenOf(FOR_USERS.test(route) ? 'ADMIN' : 'API_KEY');
    return inbox.asText(route.split(' ')[0] as 'GET', at, token, body as object);
  };
  /** What is wrong with an answer: nothing, when it is a yes, or a no that says why. */
  const faultIn = ({ status, text }: { status: number; text: string }): string | undefined => {
    if (status < 400) return undefined;
    const { code, detail } = JSON.parse(text) as { code?: string; detail?: string };
    return status < 500 && code && detail ? undefined : `${status} ${text}`;
  };

  const WITH_BODY = [...Object.entries(BODIES), ...MESSAGES.map((body) => [SAY, body] as const)];
  it.each(WITH_BODY)(
    '%s %j',
    async (route, base) => {
      const wrong: string[] = [];
      let refused = 0;
      for (const body of spoilt(base, ANYTHING)) {
        const answer = await ask(route, url(route), body);
        const fault = faultIn(answer);
        if (answer.status >= 400) refused++;
        if (fault) wrong.push(`${JSON.stringify(body)}: ${fault}`);
      }
      expect(wrong).toEqual([]);
      expect(refused).toBeGreaterThan(0);
      const { status, text } = await ask(route, url(route), base);
      expect({ route, text, isTaken: TAKEN.has(status) }).toEqual({ route, text, isTaken: true });
    },
    60_000,
  );

  it('and each route that takes a body is among them', () => {
    const bare =
      /\/(acknowledge|read|unmute|apply|fetch|cancel|resend|resume|sync|labels\/\{labelId\}|participants\/\{userId\})$/;
    const takers = [...operations.keys()].filter((route) => /^P/.test(route) && route !== UPLOAD && !bare.test(route));
    expect(takers.filter((route) => route !== SAY && !(route in BODIES))).toEqual([]);
  });

  it('and what stands in the query', async () => {
    const wrong: string[] = [];
    for (const [route, { parameters = [] }] of operations) {
      const required = route.endsWith('/usage') ? 'from=2026-11-01&to=2026-11-02&' : '';
      for (const { in: where, name } of route.startsWith('GET') ? parameters : [])
        for (const text of where === 'query' ? [...TEXTS, `=1&${name}=2`] : []) {
          const fault = faultIn(await ask(route, `${url(route)}?${required}${name}${text}`));
          if (fault) wrong.push(`${route} ${name}${text}: ${fault}`);
        }
    }
    expect(wrong).toEqual([]);
  });
});
