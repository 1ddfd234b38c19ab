import type { TenantId } from '../../src/kernel/ids.js';
import type { FlowGraph } from '../../src/modules/flows/domain/flow-graph.js';
import { Inbox, tap } from '../conversations/inbox.js';
import { publish, step } from './flows.js';

const MENU = step('menu', {
  kind: 'interactive_button',
  body: 'Hello {{customer.name}}, what do you want?',
  branches: [
    { id: 'btn_balance', title: 'Balance', nextTemplateKey: 'balance', nextState: 'money' },
    { id: 'btn_person', title: 'A person', nextTemplateKey: 'person' },
    { id: 'btn_order', title: 'Order', nextTemplateKey: 'order' },
  ],
});
const FLOW: Partial<FlowGraph> = {
  steps: [
    MENU,
    step('balance', { body: 'Your balance is {{customer.balance}}.' }),
    step('person', { body: 'Somebody will write to you.', handsOff: true }),
    step('order', {
      body: 'What is the number of your order?',
      collects: { as: 'order', pattern: '[0-9]{4}', nextTemplateKey: 'confirm', invalidTemplateKey: 'four' },
    }),
    step('four', { body: 'Four digits, please.' }),
    step('confirm', { body: 'Order {{answers.order}} is on its way.' }),
    step('statement', { body: '{{customer.statement}}' }),
    step('fallback', { body: 'Sorry? Write menu.' }),
  ],
  rules: [
    { id: 'r1', match: { type: 'equals', values: ['menu'] }, action: { type: 'send_template', templateKey: 'menu' } },
    {
      id: 'r2',
      match: { type: 'contains', values: ['statement'] },
      action: { type: 'send_template', templateKey: 'statement' },
    },
  ],
  fallbackTemplateKey: 'fallback',
  restartWords: ['again'],
};
const ASHA = { waId: '919876543210', profileName: 'Asha' };

describe("The merchant's flow leads a conversation", () => {
  let inbox: Inbox;
  let tenant: TenantId;

  beforeAll(async () => {
    inbox = await Inbox.open();
  }, 120_000);
  afterAll(() => inbox.close());
  beforeEach(async () => {
    ({ tenantId: tenant } = await inbox.merchant());
    await publish(inbox, tenant, FLOW);
    inbox.clock.advance(60_000);
  });

  const write = (text: string) => {
    inbox.clock.advance(1500);
    return inbox.arrive(tenant, inbox.message(ASHA, text));
  };
  const tapOn = (id: string, wamid?: string) => {
    const { body, contextWamid } = tap(id, wamid);
    return inbox.arrive(tenant, inbox.message(ASHA, body, contextWamid === undefined ? {} : { contextWamid }));
  };
  const position = async () =>
    (
      await inbox.sql<{ last: string | null; state: string; version: number; answers: object }>(
        tenant,
        'select last_template_key as last, state, flow_version as version, answers from flow_position',
      )
    )[0];
  const last = async () => (await inbox.texts(tenant)).at(-1);

  it('answers a rule with its step, once, and stands there from then on (S2.4, S2.28, S2.29, S2.39, S2.68, S2.38, S2.40)', async () => {
    await write('  MENU ');
    const [answer, ...others] = await inbox.answers(tenant);
    expect(others).toEqual([]);
    expect(answer).toMatchObject({
      idempotency_key: expect.stringMatching(/^auto-reply:wamid\.\d+$/),
      content: { type: 'buttons', body: 'Hello Asha, what do you want?', buttons: [{ id: 'btn_balance' }, {}, {}] },
    });
    expect(await position()).toMatchObject({ last: 'menu', state: 'default', version: 1 });
  });

  it('follows a tap to the next step with live data, and keeps the state that the branch names (S2.30, S2.31, S2.32, S2.104, S2.12, S2.37)', async () => {
    await write('menu');
    await tapOn('btn_balance');
    expect(await last()).toBe('Your balance is ₹0.00.');
    expect(await position()).toMatchObject({ last: 'balance', state: 'money' });
    const kept = await inbox.sql<{ content: { id: string } }>(
      tenant,
      `select content from message where direction = 'INBOUND' and type = 'tap'`,
    );
    expect(kept).toMatchObject([{ content: { id: 'btn_balance' } }]);
  });

  it('says nothing twice to the same tap on the same message', async () => {
    await write('menu');
    await tapOn('btn_balance', 'wamid.menu');
    await tapOn('btn_balance', 'wamid.menu');
    expect(await inbox.texts(tenant)).toHaveLength(2);
    await tapOn('btn_balance', 'wamid.menu2');
    expect(await inbox.texts(tenant)).toHaveLength(3);
  });

  it('collects what it asked for, says what is wrong, and goes on asking', async () => {
    await write('menu');
    await tapOn('btn_order');
    await write('twelve');
    expect(await last()).toBe('Four digits, please.');
    await write('12345');
    expect(await last()).toBe('Four digits, please.');
    await write(' 1234 ');
    expect(await last()).toBe('Order 1234 is on its way.');
    expect(await position()).toMatchObject({ last: 'confirm', answers: { order: '1234' } });
  });

  it('falls back when nothing recognises what was said, behind all intents of the house (S2.33)', async () => {
    await write('what is this');
    expect(await last()).toBe('Sorry? Write menu.');
    await tapOn('btn_of_nobody');
    expect(await last()).toBe('Sorry? Write menu.');
    await tapOn('CHECK_CURRENT_DUE');
    expect(await inbox.texts(tenant)).toHaveLength(3);
    expect(await last()).not.toBe('Sorry? Write menu.');
  });

  it('never sends a step with blanks: the fallback goes out instead (C19)', async () => {
    await write('statement please');
    expect(await inbox.texts(tenant)).toEqual(['Sorry? Write menu.']);
  });

  it('leaves "hi" to the menu of the house, and begins anew with it', async () => {
    await write('menu');
    await tapOn('btn_order');
    await write('hi');
    expect(await last()).toContain('Welcome');
    await write('1234');
    expect(await last()).toBe('Sorry? Write menu.');
  });

  it('hands the conversation to people, is silent, and comes back with the restart word', async () => {
    await write('menu');
    await tapOn('btn_person');
    await write('menu');
    await tapOn('btn_balance');
    expect(await last()).toBe('Somebody will write to you.');
    const told = await inbox.sql<{ payload: { kind: string; why: string } }>(
      tenant,
      `select payload from tenant_event where name = 'notification'`,
    );
    expect(told).toMatchObject([{ payload: { kind: 'handed-to-people', why: 'flow' } }]);
    await write('Again');
    expect(await last()).toContain('what do you want');
  });

  it('answers again when the silence is over', async () => {
    await write('menu');
    await tapOn('btn_person');
    inbox.clock.advance(61 * 60_000);
    await write('menu');
    expect(await last()).toContain('what do you want');
  });

  it('goes on with the version that a conversation began with, and heeds at once what was switched off (S2.100)', async () => {
    await write('menu');
    await publish(inbox, tenant, {
      ...FLOW,
      version: 2,
      steps: FLOW.steps!.map((one) =>
        one.key === 'balance' ? { ...one, body: 'New words' } : one.key === 'order' ? { ...one, isActive: false } : one,
      ),
    });
    await tapOn('btn_order');
    expect(await last()).toBe('Sorry? Write menu.');
    await write('menu');
    expect(await position()).toMatchObject({ version: 2 });
    await tapOn('btn_balance');
    expect(await last()).toBe('New words');
  });

  it('keeps the version of the last step while its answer is open (D16)', async () => {
    await write('menu');
    await publish(inbox, tenant, {
      ...FLOW,
      version: 2,
      steps: FLOW.steps!.map((one) => (one.key === 'balance' ? { ...one, body: 'New words' } : one)),
    });
    await tapOn('btn_balance');
    expect(await last()).toBe('Your balance is ₹0.00.');
    expect(await position()).toMatchObject({ last: 'balance', version: 1 });
  });

  it('forgets the place when the session ends', async () => {
    await write('menu');
    await tapOn('btn_order');
    inbox.clock.advance(24 * 3_600_000);
    await inbox.arrive(tenant, inbox.message(ASHA, { type: 'media', kind: 'image', mediaId: 'm' } as never));
    await write('1234');
    expect(await last()).toBe('Sorry? Write menu.');
  });

  it('stops when two programs talk to each other, and tells people once', async () => {
    for (let round = 0; round < 8; round++) await write(`I am a robot ${round}`);
    expect(await inbox.texts(tenant)).toEqual(Array.from({ length: 4 }, () => 'Sorry? Write menu.'));
    const told = await inbox.sql<object>(
      tenant,
      `select id from tenant_event where name = 'notification' and payload->>'why' = 'loop'`,
    );
    expect(told).toHaveLength(1);
    inbox.clock.advance(60 * 60_000);
    await write('what is this');
    expect(await inbox.texts(tenant)).toHaveLength(5);
  });

  it('counts the ways that were taken (D16)', async () => {
    await write('menu');
    await tapOn('btn_balance');
    await write('menu');
    const counts = await inbox.sql(
      tenant,
      'select version, from_key, edge, count(*)::int as taken from flow_edge_taken group by 1, 2, 3 order by 2, 3',
    );
    expect(counts).toEqual([
      { version: 1, from_key: '', edge: 'r1', taken: 2 },
      { version: 1, from_key: 'menu', edge: 'btn_balance', taken: 1 },
    ]);
  });

  it('takes messages that come at once one after another', async () => {
    await write('menu');
    const taps = ['btn_balance', 'btn_order', 'btn_balance', 'btn_order'].map((id) => tapOn(id));
    await Promise.all(taps);
    const [stand] = await inbox.sql<{ taken: string[]; last: string }>(
      tenant,
      'select steps_taken as taken, last_template_key as last from flow_position',
    );
    expect(stand?.taken).toHaveLength(5);
    expect(stand?.taken.at(-1)).toBe(stand?.last);
    expect(await inbox.texts(tenant)).toHaveLength(5);
  });

  it('keeps the state of each merchant and each customer apart (S2.21, S2.106)', async () => {
    await write('menu');
    const other = await inbox.merchant();
    await inbox.arrive(other.tenantId, inbox.message(ASHA, tap('btn_balance').body));
    expect(await inbox.texts(other.tenantId)).toEqual([]);
    await inbox.arrive(tenant, inbox.message({ waId: '919876500000' }, '1234'));
    expect(await last()).toBe('Sorry? Write menu.');
    expect(await inbox.sql(tenant, 'select thread_id from flow_position')).toHaveLength(2);
  });

  it('stands with the surviving conversation when two turn out to be one', async () => {
    await inbox.arrive(tenant, inbox.message({ userId: 'IN.1' }, 'menu'));
    await inbox.arrive(tenant, inbox.message({ waId: '919876511111' }, 'what is this'));
    await inbox.arrive(tenant, inbox.message({ waId: '919876511111', userId: 'IN.1' }, tap('btn_order').body));
    expect(await last()).toBe('What is the number of your order?');
    const stands = await inbox.sql(
      tenant,
      `select p.last_template_key as last from flow_position p join thread t on t.id = p.thread_id where t.merged_into_id is null`,
    );
    expect(stands).toEqual([{ last: 'order' }]);
    expect(await inbox.sql(tenant, 'select thread_id from flow_position')).toHaveLength(1);
  });

  it('answers under keys that nobody else may use: the answer would be taken for sent (S2.68)', async () => {
    const { tenantId, apiKey } = await inbox.merchant();
    await publish(inbox, tenantId, FLOW);
    const message = inbox.message(ASHA, 'menu');
    const threadId = await inbox.arrive(tenantId, inbox.message(ASHA, 'hello'));
    const its = `auto-reply:${message.wamid}`;
    for (const [path, words] of [
      ['/v1/messages', { to: '+919876543210' }],
      [`/v1/conversations/${threadId}/messages`, { type: 'text' }],
    ] as const)
      for (const idempotencyKey of [its, `${its}:1`, 'auto-of-a-module-that-is-to-come:1'])
        expect(await inbox.call('POST', path, apiKey, { ...words, text: 'Mine', idempotencyKey })).toMatchObject({
          status: 400,
          body: { errors: [{ path: 'idempotencyKey' }] },
        });
    inbox.clock.advance(2000);
    await inbox.arrive(tenantId, message);
    expect((await inbox.answers(tenantId)).at(-1)).toMatchObject({ idempotency_key: its });
  });

  it('leaves STOP to the house, whatever the rules say', async () => {
    await publish(inbox, tenant, {
      ...FLOW,
      version: 2,
      rules: [
        {
          id: 'r',
          match: { type: 'contains', values: ['stop'] },
          action: { type: 'send_template', templateKey: 'menu' },
        },
      ],
    });
    await write('stop');
    expect(await last()).toContain('will not get reminders');
  });
});
