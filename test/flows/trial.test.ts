import fc from 'fast-check';
import type { TenantId } from '../../src/kernel/ids.js';
import { Inbox, tap } from '../conversations/inbox.js';
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
        `select ((select count(*) from message) + (select count(*) from flow_position) + (select count(*) from flow_edge_count)
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

  it('and says what the engine then does in earnest, whatever a customer writes and taps', async () => {
    for (const preset of ['feedback', 'account-number'])
      await inbox.call('POST', `/v1/flow-presets/${preset}/import`, key);
    await inbox.call('POST', '/v1/flows', key, { flows: [], restartWords: ['anew'] });
    const texts = ['feedback', 'anew', 'account statement', '1234567', 'hmm', 'hi'];
    const taps = ['feedback_good', 'feedback_ok', 'feedback_bad', 'number_yes', 'number_no', 'of_nobody'];
    const act = fc.oneof(
      fc.record({ text: fc.constantFrom(...texts) }),
      fc.record({ tap: fc.constantFrom(...taps.map((one) => `btn_${one}`)) }),
    );
    let customers = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(act, { minLength: 1, maxLength: 12 }), async (messages) => {
        const { transcript } = await attempt({ messages });
        const waId = String(919700000000 + ++customers);
        let standsAt: string | null = null;
        const lines = messages.map((_, at) => {
          const heard = transcript.flatMap(({ from }, place) => (from === 'customer' ? [place] : []));
          return transcript.slice(heard[at]! + 1, heard[at + 1]).at(-1)!;
        });
        for (const [at, message] of messages.entries()) {
          const { stepKey, note, state, kind } = lines[at]!;
          if (kind !== 'nothing') standsAt = stepKey;
          else if (note === 'ENDED' || note === 'HOUSE_MENU') standsAt = null;
          inbox.clock.advance(15_000);
          const body = 'text' in message ? message.text : tap(message.tap).body;
          await inbox.arrive(tenant, inbox.message({ waId }, body));
          const [position = { last: null, state: 'default' }] = await inbox.sql<{ last: string | null; state: string }>(
            tenant,
            `select p.last_template_key as last, p.state from flow_position p join thread t on t.id = p.thread_id
             join contact_identity i on i.contact_id = t.contact_id where i.value = $1`,
            [`+${waId}`],
          );
          expect({ at, ...position }).toEqual({ at, last: standsAt, state });
        }
      }),
      { numRuns: 25 },
    );
  });

  it("and nobody tries another merchant's (S2.21)", async () => {
    await inbox.call('POST', '/v1/flow-presets/feedback/import', key);
    const other = await inbox.merchant();
    const { transcript } = await attempt({ messages: [{ text: 'feedback' }] }, other.apiKey);
    expect(transcript.at(-1)).toMatchObject({ from: 'house', note: 'NOT_RECOGNISED' });
  });
});
