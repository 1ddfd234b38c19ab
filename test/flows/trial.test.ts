import fc from 'fast-check';
import type { TenantId } from '../../src/kernel/ids.js';
import type { InboundBody, MessageContent } from '../../src/modules/messaging/index.js';
import { Inbox } from '../conversations/inbox.js';
import { FLOW_FORMAT } from '../../src/modules/flows/infrastructure/exchange/flow-document.dto.js';

interface Line {
  from: string;
  text: string | null;
  stepKey: string | null;
  note: string | null;
  kind: string;
  state: string;
  missing: string[];
}
interface Answer {
  transcript: Line[];
  checks: { message: number; passed: boolean }[];
  passed: boolean;
  code: string;
}

const DRAFT = {
  format: FLOW_FORMAT,
  steps: [
    {
      key: 'hello',
      kind: 'text',
      body: 'Hello {{customer.name}}',
      language: 'en',
      translations: { hi: { body: 'नमस्ते {{customer.name}}' } },
    },
  ],
  rules: [
    {
      id: 'r',
      match: { type: 'equals', values: ['hey you'] },
      action: { type: 'send_template', templateKey: 'hello' },
    },
  ],
};

/** Buttons that say "Stop" and "Start", and a template of WhatsApp's with quick replies. */
const MORE = [
  {
    key: 'more',
    kind: 'interactive_button',
    body: 'What else?',
    buttons: [
      { id: 'btn_end', title: 'Stop', nextTemplateKey: 'other' },
      { id: 'btn_due', title: 'Due', nextTemplateKey: 'due' },
      { id: 'btn_nothing', title: 'Paid' },
    ],
  },
  {
    key: 'due',
    kind: 'whatsapp_template',
    whatsappTemplate: { name: 'due', language: 'en' },
    buttons: [{ id: 'btn_paid', title: 'Paid', nextTemplateKey: 'other' }],
  },
  {
    key: 'again',
    kind: 'interactive_button',
    body: 'Once more?',
    buttons: [{ id: 'btn_again', title: 'Start', nextTemplateKey: 'other' }],
  },
  { key: 'other', kind: 'text', body: 'Something else.' },
];

function ruleFor(word: string, templateKey: string): object {
  return { match: { type: 'equals', values: [word] }, action: { type: 'send_template', templateKey } };
}

/** `+` taps. */
function written(acts: string): ({ text: string } | { tap: string })[] {
  return acts.split(' ').map((one) => (one.startsWith('+') ? { tap: one.slice(1) } : { text: one }));
}

interface Sent {
  readonly key: string;
  readonly content: MessageContent;
  readonly step: string | null;
}

/** The newest button that says so, on the message that shows it. */
function tapOn(name: string, sent: readonly Sent[]): { body: InboundBody; contextWamid?: string } {
  for (const { key, content } of sent.toReversed()) {
    const isTemplate = content.type === 'template';
    const buttons =
      content.type === 'buttons' ? content.buttons : isTemplate ? [{ id: 'btn_paid', title: 'Paid' }] : [];
    const button = buttons.find(({ id, title }) => id === name || title === name);
    const source = isTemplate ? 'template' : 'button';
    if (button) return { body: { type: 'tap', source, ...button }, contextWamid: `wamid.of.${key}` };
  }
  return { body: { type: 'tap', source: 'button', id: name, title: name } };
}

describe('A flow is tried out before customers meet it (D16)', () => {
  let inbox: Inbox;
  let tenant: TenantId;
  let key: string;

  beforeAll(async () => {
    inbox = await Inbox.open();
  }, 120_000);
  afterAll(() => inbox.close());
  beforeEach(async () => {
    ({ tenantId: tenant, apiKey: key } = await inbox.merchant());
  });

  const attempt = async (body: object, by = key) => {
    const answer = await inbox.call<Answer>('POST', '/v1/flows/test', by, body);
    return { status: answer.status, ...answer.body };
  };
  const kept = async () =>
    (
      await inbox.sql<{ n: number }>(
        tenant,
        `select ((select count(*) from message) + (select count(*) from flow_position) + (select count(*) from flow_edge_taken)
           + (select count(*) from contact))::int as n`,
      )
    )[0]!.n;

  it('as it stands, with expectations that pass or fail, and nothing is sent or kept', async () => {
    await inbox.call('POST', '/v1/flow-presets/feedback/import', key);
    const { status, transcript, checks, passed } = await attempt({
      messages: [
        { text: 'some feedback', expect: { stepKey: 'feedback_ask' } },
        { tap: 'Good', expect: { text: 'Wonderful', state: 'feedback_good' } },
        { text: 'what else', expect: { stepKey: 'feedback_ask' } },
      ],
    });
    expect({ status, passed, checks }).toMatchObject({
      status: 200,
      passed: false,
      checks: [{ passed: true }, { passed: true }, { message: 2, passed: false, found: { stepKey: null } }],
    });
    expect(transcript.map(({ from, text }) => [from, text])).toContainEqual([
      'flow',
      'How was your experience with Merchant?',
    ]);
    expect(await kept()).toBe(0);
  });

  it('as a draft, in the language of the customer, and the draft is not kept', async () => {
    const messages = [{ text: 'Hey you' }];
    const english = await attempt({ messages, contact: { name: 'Asha' }, draft: DRAFT });
    expect(english.transcript.at(-1)).toMatchObject({ from: 'flow', text: 'Hello Asha', stepKey: 'hello' });
    const hindi = await attempt({
      messages,
      contact: { language: 'hi-IN' },
      variables: { 'customer.name': 'Asha' },
      draft: DRAFT,
    });
    expect(hindi.transcript.at(-1)).toMatchObject({ text: 'नमस्ते Asha' });
    const nobody = await attempt({ messages, draft: DRAFT });
    expect(nobody.transcript.at(-1)).toMatchObject({ note: 'MISSING_VARIABLES', missing: ['customer.name'] });
    expect((await attempt({ messages })).transcript.at(-1)).toMatchObject({ from: 'house', note: 'NOT_RECOGNISED' });
    expect((await inbox.call<{ version: number }>('GET', '/v1/flows', key)).body.version).toBe(0);
  });

  it('and a draft that cannot work is refused as it would be when it is written', async () => {
    const draft = { ...DRAFT, fallbackTemplateKey: 'nobody' };
    expect(await attempt({ messages: [{ text: 'hi' }], draft })).toMatchObject({ status: 422, code: 'FLOW_REFUSED' });
  });

  it('and what is no trial is 400', async () => {
    const none = [
      {},
      { messages: [] },
      { messages: [{}] },
      { messages: [{ text: '' }] },
      { messages: [{ tap: 5 }] },
      { messages: [null] },
      { messages: [{ text: 'a' }], contact: { language: 'not a language' } },
      { messages: [{ text: 'a' }], variables: { a: 1 } },
      { messages: [{ text: 'a' }], draft: null },
      { messages: Array.from({ length: 101 }, () => ({ text: 'a' })) },
    ];
    for (const body of none) expect([body, (await attempt(body)).status]).toEqual([body, 400]);
  });

  it('and says what the engine then does in earnest, whatever a customer writes, and taps on whichever message (C58, D8)', async () => {
    for (const preset of ['feedback', 'account-number'])
      await inbox.call('POST', `/v1/flow-presets/${preset}/import`, key);
    const flow = { format: FLOW_FORMAT, steps: MORE, rules: [ruleFor('more', 'more'), ruleFor('again', 'again')] };
    await inbox.call('POST', '/v1/flows/import', key, flow);
    await inbox.call('POST', '/v1/flows', key, { flows: [], restartWords: ['anew', 'start'] });
    const texts = ['feedback', 'more', 'again', 'anew', 'account statement', '1234567', 'hmm', 'hi', 'STOP', 'start'];
    const taps = [
      'Good',
      'OK',
      'Bad',
      'btn_feedback_good',
      'Yes',
      'No, change it',
      'Stop',
      'Start',
      'Due',
      'Paid',
      'btn_of_nobody',
    ];
    const act = fc.oneof(
      fc.record({ text: fc.constantFrom(...texts) }),
      fc.record({ tap: fc.constantFrom(...taps) }),
      fc.record({ tap: fc.constantFrom(...taps) }),
    );
    const notes = new Set<string | null>();
    let customers = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(act, { minLength: 1, maxLength: 12 }), async (messages) => {
        const { transcript } = await attempt({ messages });
        const waId = String(919700000000 + ++customers);
        const heard = transcript.flatMap(({ from }, place) => (from === 'customer' ? [place] : []));
        let standsAt: string | null = null;
        for (const [at, message] of messages.entries()) {
          const lines = transcript.slice(heard[at]! + 1, heard[at + 1]);
          const { stepKey, note, state, kind } = lines.at(-1)!;
          notes.add(note);
          if (kind !== 'nothing') standsAt = stepKey;
          else if (note === 'ENDED' || note === 'HOUSE_MENU') standsAt = null;
          inbox.clock.advance(90_000);
          const before = await sentTo(waId);
          const { body, ...more } = 'text' in message ? { body: message.text } : tapOn(message.tap, before);
          await inbox.arrive(tenant, inbox.message({ waId }, body, more));
          const steps = (await sentTo(waId)).slice(before.length).flatMap(({ step }) => step ?? []);
          const said = lines.flatMap((line) => (line.kind === 'nothing' ? [] : [line.stepKey!]));
          expect({ at, ...(await standOf(waId)), steps }).toEqual({ at, last: standsAt, state, steps: said });
        }
      }),
      {
        numRuns: 30,
        examples: [
          [written('more +Paid +Paid +Stop more +Due +Paid +Paid')],
          [written('feedback +Bad +Good anew')],
          [[{ text: 'account statement' }, { tap: 'Stop' }, { text: '1234567' }, { tap: 'Yes' }]],
          [[{ text: 'account statement' }, { text: '1234567' }, { tap: 'Yes' }]],
          [written('again +Start again STOP +Start +Start start')],
          [written('feedback +Bad STOP start feedback')],
        ],
      },
    );
    expect([...notes]).toEqual(expect.arrayContaining(['REPEATED_TAP', 'CONSENT_WORD', 'PEOPLE_ANSWER', 'ENDED']));
  });

  it('and says the statement of the books that STOP opens, and none before, as in earnest (S2.102, S2.103, D8)', async () => {
    const flow = {
      format: FLOW_FORMAT,
      steps: [
        { key: 'whole', kind: 'text', body: '{{customer.statement}}' },
        { key: 'month', kind: 'text', body: '{{statement.thisMonth}}' },
        { key: 'days', kind: 'text', body: '{{statement.answered}}' },
        { key: 'from', kind: 'text', body: 'From?', collects: { as: 'from', nextTemplateKey: 'to' } },
        { key: 'to', kind: 'text', body: 'Until?', collects: { as: 'to', nextTemplateKey: 'days' } },
        { key: 'sorry', kind: 'text', body: 'Sorry?' },
      ],
      rules: ['whole', 'month', 'from'].map((word) => ruleFor(word, word)),
      fallbackTemplateKey: 'sorry',
    };
    await inbox.call('POST', '/v1/flows/import', key, flow);
    const asked = ['whole', 'month', 'from', '1/11/2026', '30/11/2026'];
    const messages = [...asked, 'STOP', 'restart', ...asked, 'START', 'restart', 'whole'].map((text) => ({ text }));
    const { transcript } = await attempt({ messages, contact: { name: 'Asha' } });
    for (const { text } of messages) {
      inbox.clock.advance(1000);
      await inbox.arrive(tenant, inbox.message({ waId: '919876543210', profileName: 'Asha' }, text));
    }
    const inEarnest = (await sentTo('919876543210')).flatMap(({ content, step }) =>
      content.type === 'text' && step !== null ? [content.body] : [],
    );
    expect(inEarnest.slice(0, 5)).toEqual(['Sorry?', 'Sorry?', 'From?', 'Until?', 'Sorry?']);
    expect(inEarnest[5]).toMatch(/^\*Statement of account\*\nAsha · Merchant\n[^]*₹0\.00/);
    expect(transcript.flatMap(({ from, text }) => (from === 'flow' && text !== null ? [text] : []))).toEqual(inEarnest);
    expect(transcript.filter(({ note }) => note === 'CONSENT_WORD')).toHaveLength(2);
  });

  const standOf = async (waId: string) =>
    (
      await inbox.sql<{ last: string | null; state: string }>(
        tenant,
        `select p.last_template_key as last, p.state from flow_position p join thread t on t.id = p.thread_id
         join contact_identity i on i.contact_id = t.contact_id where i.value = $1`,
        [`+${waId}`],
      )
    )[0] ?? { last: null, state: 'default' };
  const sentTo = (waId: string) =>
    inbox.sql<Sent>(
      tenant,
      `select idempotency_key as key, content, template_key as step from message where direction = 'OUTBOUND' and address = $1 order by seq`,
      [waId],
    );

  it("and nobody tries another merchant's (S2.21)", async () => {
    await inbox.call('POST', '/v1/flow-presets/feedback/import', key);
    const other = await inbox.merchant();
    const { transcript } = await attempt({ messages: [{ text: 'feedback' }] }, other.apiKey);
    expect(transcript.at(-1)).toMatchObject({ from: 'house', note: 'NOT_RECOGNISED' });
  });
});
