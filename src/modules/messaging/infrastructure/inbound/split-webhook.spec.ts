import fc from 'fast-check';
import { splitWebhook } from './split-webhook.js';

const NUMBER = '106540352242922';
const METADATA = { display_phone_number: '15550783881', phone_number_id: NUMBER };
const message = { from: '16505551234', id: 'wamid.A', timestamp: '1750090702', type: 'text', text: { body: 'hi' } };
const split = (value: unknown, field = 'messages'): ReturnType<typeof splitWebhook> =>
  splitWebhook(
    Buffer.from(
      JSON.stringify({
        object: 'whatsapp_business_account',
        entry: [{ id: '102290129340398', changes: [{ field, value }] }],
      }),
    ),
  );

describe('A webhook is taken apart into what it tells (reliability 2.2)', () => {
  it('a message is known by its number and wamid, and its lane by number and customer', () => {
    expect(
      split({
        metadata: METADATA,
        messages: [message],
        contacts: [{ wa_id: '16505551234', profile: { name: 'Sheena' } }],
      }),
    ).toEqual([
      {
        kind: 'message',
        field: 'messages',
        wabaId: '102290129340398',
        phoneNumberId: NUMBER,
        naturalKey: `${NUMBER}|message|wamid.A`,
        subject: `${NUMBER}:16505551234`,
        providerAt: new Date('2025-06-16T16:18:22.000Z'),
        payload: JSON.stringify({ message, contact: { wa_id: '16505551234', profile: { name: 'Sheena' } } }),
      },
    ]);
  });

  it('a status is known by its wamid, its word and its time', () => {
    const [item] = split({
      metadata: METADATA,
      statuses: [{ id: 'wamid.B', status: 'sent', timestamp: '1750090702' }],
    });
    expect(item).toMatchObject({
      kind: 'status',
      naturalKey: `${NUMBER}|status|wamid.B|sent|1750090702`,
      subject: 'wamid.B',
    });
  });

  it('another field is known by its content', () => {
    const items = ['GREEN', 'RED', 'GREEN'].flatMap((quality) =>
      split({ display_phone_number: '1555', event: quality }, 'phone_number_quality_update'),
    );
    expect(items.map(({ kind, field }) => [kind, field])).toEqual(
      items.map(() => ['change', 'phone_number_quality_update']),
    );
    expect(new Set(items.map(({ naturalKey }) => naturalKey)).size).toBe(2);
  });

  it('errors of the account stand beside messages and statuses', () => {
    const errors = [{ code: 130429, title: 'Rate limit hit' }];
    expect(split({ metadata: METADATA, errors }).map(({ kind }) => kind)).toEqual(['change']);
    expect(split({ metadata: METADATA, messages: [message], errors }).map(({ kind }) => kind)).toEqual([
      'message',
      'change',
    ]);
  });

  it('the lane of a customer is the same with and without the phone number (F1)', () => {
    const shown = { ...message, from_user_id: 'US.1349' };
    const { from: _, ...hidden } = shown;
    const subjects = [
      ...split({ metadata: METADATA, messages: [shown] }),
      ...split({ metadata: METADATA, messages: [hidden] }),
    ].map(({ subject }) => subject);
    expect(new Set(subjects)).toEqual(new Set([`${NUMBER}:US.1349`]));
  });

  it("a message gets its own contact among several, and none that is another's", () => {
    const contacts = [
      { wa_id: '2', profile: { name: 'Two' } },
      { wa_id: '1', profile: { name: 'One' } },
    ];
    const items = split({
      metadata: METADATA,
      contacts,
      messages: [
        { ...message, from: '1' },
        { ...message, id: 'wamid.C', from: '3' },
      ],
    });
    expect(items.map(({ payload }) => (JSON.parse(payload) as { contact?: { wa_id: string } }).contact?.wa_id)).toEqual(
      ['1', undefined],
    );
  });

  it.each([
    [{ ...message, id: undefined }, 'the message has no id'],
    [{ ...message, id: 'x'.repeat(5000) }, 'the message has no id'],
    [{ ...message, from: undefined }, 'the message names no sender'],
    [null, 'the message has no id'],
    ['text', 'the message has no id'],
  ])('%j is kept with the reason why nothing can be done', (broken, fault) => {
    const items = split({ metadata: METADATA, messages: [broken, message] });
    expect(items.map((item) => item.fault)).toEqual([fault, undefined]);
  });

  it('no bytes that Meta could sign make it throw, and what it gives can be stored (F19)', () => {
    const json = fc.json({ maxDepth: 6 });
    const almost = fc.record({
      metadata: fc.constantFrom(METADATA, {}, null, 1),
      messages: fc.anything(),
      statuses: fc.anything(),
      contacts: fc.anything(),
      errors: fc.anything(),
    });
    const corpus = fc.oneof(
      fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
      json.map((text) => Buffer.from(text)),
      json.map((text) =>
        Buffer.from(
          `{"object":"whatsapp_business_account","entry":[{"id":"1","changes":[{"field":"messages","value":${text}}]}]}`,
        ),
      ),
      almost.map((value) => Buffer.from(text(value))),
    );
    fc.assert(
      fc.property(corpus, (raw) => {
        for (const item of splitWebhook(raw)) {
          expect(item.naturalKey.length).toBeLessThan(700);
          expect(item.naturalKey + item.payload + (item.subject ?? '')).not.toMatch(/\\u0000|\0/);
          expect(item.payload.isWellFormed()).toBe(true);
          JSON.parse(item.payload);
        }
      }),
      { numRuns: 2000 },
    );
  });
});

function text(value: unknown): string {
  try {
    return JSON.stringify({
      object: 'whatsapp_business_account',
      entry: [{ id: 'waba', changes: [{ field: 'messages', value }] }],
    });
  } catch {
    return 'a value that JSON cannot say';
  }
}
