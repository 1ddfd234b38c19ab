import type { TenantId } from '../../src/kernel/ids.js';
import type { FlowGraph } from '../../src/modules/flows/domain/flow-graph.js';
import { Inbox, tap } from '../conversations/inbox.js';
import { PLATFORM_KEY } from '../setup/config.js';
import { publish, step } from './flows.js';

const HOUR = 60 * 60_000;
/** Of somebody without books there is none. */
const UNKNOWN = '{{customer.statement}}';
const to = (templateKey: string) => ({ type: 'send_template' as const, templateKey });
const rule = (id: string, word: string, templateKey: string) => ({
  id,
  match: { type: 'equals' as const, values: [word] },
  action: to(templateKey),
});
const FLOW: Partial<FlowGraph> = {
  steps: [
    step('menu', {
      kind: 'interactive_button',
      body: 'What do you want?',
      branches: [
        { id: 'btn_person', title: 'A person', nextTemplateKey: 'person' },
        { id: 'btn_order', title: 'Order', nextTemplateKey: 'order' },
        { id: 'btn_hours', title: 'Hours', nextTemplateKey: 'hours' },
      ],
    }),
    step('person', { body: 'Somebody will write to you.', handsOff: true }),
    step('order', {
      body: 'Which order?',
      collects: { as: 'order', pattern: '[0-9]{4}', nextTemplateKey: 'thanks' },
    }),
    step('thanks', { body: 'Order {{answers.order}}.' }),
    step('hours', { body: 'Nine to five.' }),
    step('unknown', { body: UNKNOWN }),
    step('fallback', { body: 'Sorry?' }),
  ],
  rules: [rule('r_menu', 'menu', 'menu'), rule('r_unknown', 'when', 'unknown')],
  fallbackTemplateKey: 'fallback',
};
const ASHA = { waId: '919876543210', profileName: 'Asha' };
const WELCOME = 'Welcome to No-Due! Please select an option below:';

describe('Restart words always work', () => {
  let inbox: Inbox;
  let merchant: Awaited<ReturnType<Inbox['merchant']>>;
  let tenant: TenantId;

  beforeAll(async () => {
    inbox = await Inbox.open();
  }, 120_000);
  afterAll(() => inbox.close());
  beforeEach(async () => {
    merchant = await inbox.merchant();
    tenant = merchant.tenantId;
    inbox.clock.advance(60_000);
  });

  const write = async (text: string, after = 1500) => {
    inbox.clock.advance(after);
    return inbox.arrive(tenant, inbox.message(ASHA, text));
  };
  const tapOn = (id: string, wamid?: string) => {
    inbox.clock.advance(1500);
    const { body, contextWamid } = tap(id, wamid);
    return inbox.arrive(tenant, inbox.message(ASHA, body, contextWamid === undefined ? {} : { contextWamid }));
  };
  const said = () => inbox.texts(tenant);
  const last = async () => (await said()).at(-1);
  /** What the customer was not able to get out of. */
  const standInQuestion = async () => {
    await write('menu');
    await tapOn('btn_order');
    expect(await last()).toBe('Which order?');
  };

  it.each(['restart', 'Start over!', 'MAIN MENU'])(
    '%s brings a conversation back that was left to people, without the merchant having named it',
    async (word) => {
      await publish(inbox, tenant, FLOW);
      await write('menu');
      await tapOn('btn_person');
      await write('menu');
      expect(await last()).toBe('Somebody will write to you.');
      await write(word);
      expect(await last()).toBe('What do you want?');
      await tapOn('btn_hours');
      expect(await last()).toBe('Nine to five.');
    },
  );

  it('also when a person has written, and for merchants who have no flow', async () => {
    const { body: login } = await inbox.call<{ accessToken: string }>('POST', '/v1/auth/login', PLATFORM_KEY, {
      email: merchant.email,
      password: 'a-long-test-password',
    });
    const threadId = await write('hi');
    expect(await last()).toBe(WELCOME);
    const sent = await inbox.call('POST', `/v1/conversations/${threadId}/messages`, login.accessToken, {
      type: 'text',
      text: 'Let me look.',
    });
    expect(sent.status).toBe(202);
    await write('hi');
    expect(await last()).toBe('Let me look.');
    await write('Start over');
    expect((await said()).slice(-2)).toEqual(['Let me look.', WELCOME]);
  });

  it('a merchant’s own words replace them', async () => {
    await publish(inbox, tenant, { ...FLOW, restartWords: ['again'] });
    await write('menu');
    await tapOn('btn_person');
    await write('start over');
    expect(await last()).toBe('Somebody will write to you.');
    await write('Again!!');
    expect(await last()).toBe('What do you want?');
  });

  it('show the house’s menu where the flow has no start, and the question of before is closed', async () => {
    await publish(inbox, tenant, { ...FLOW, rules: [rule('r', 'orders', 'order')] });
    await write('orders');
    await write('start over');
    expect(await last()).toBe(WELCOME);
    await write('1234');
    expect(await last()).toBe('Sorry?');
  });

  it('leave a question though the step that they lead to cannot be said: the start is', async () => {
    await publish(inbox, tenant, {
      ...FLOW,
      rules: [...FLOW.rules!, rule('r_again', 'again', 'unknown')],
      restartWords: ['again'],
    });
    await standInQuestion();
    await write('again');
    expect(await last()).toBe('What do you want?');
    await write('1234');
    expect(await last()).toBe('Sorry?');
  });

  it('so do greetings that a rule takes: the fallback is said, and nothing of before is open', async () => {
    await publish(inbox, tenant, { ...FLOW, rules: [...FLOW.rules!, rule('r_hi', 'hi', 'unknown')] });
    await standInQuestion();
    await write('hi');
    expect(await last()).toBe('Sorry?');
    await write('1234');
    expect(await last()).toBe('Sorry?');
    expect(await inbox.sql(tenant, 'select open_key, answers from flow_position')).toMatchObject([
      { open_key: 'fallback', answers: {} },
    ]);
  });

  it('and where nothing of the flow can be said the house answers: the menu who greets, the hint who does not', async () => {
    const steps = FLOW.steps!.map((one) => (one.key === 'fallback' ? { ...one, body: UNKNOWN } : one));
    await publish(inbox, tenant, { ...FLOW, steps, rules: [...FLOW.rules!, rule('r_hi', 'hi', 'fallback')] });
    await standInQuestion();
    await write('hi');
    expect(await last()).toBe(WELCOME);
    await write('1234');
    expect(await last()).toContain('Type Hi to see the menu');
    await write('when');
    await write('nonsense');
    expect(await said()).toHaveLength(4);
  });

  it('are heard once after a loop: a person goes on, and a program that says them is stopped for the hour', async () => {
    await publish(inbox, tenant, FLOW);
    for (let round = 0; round < 5; round++) await write(`I am a robot ${round}`);
    expect(await said()).toHaveLength(4);
    for (let round = 0; round < 10; round++) await write('restart');
    expect((await said()).slice(4)).toEqual(Array.from({ length: 4 }, () => 'What do you want?'));
    await write('restart', HOUR);
    expect(await said()).toHaveLength(9);
  });

  it('a tap that was withheld is answered when it is made again', async () => {
    await publish(inbox, tenant, FLOW);
    await write('menu');
    for (const shown of [1, 2, 3, 4]) await tapOn('btn_hours', `wamid.menu.${shown}`);
    await tapOn('btn_hours', 'wamid.menu.5');
    await tapOn('btn_hours', 'wamid.menu.5');
    expect(await said()).toHaveLength(5);
    inbox.clock.advance(HOUR);
    await tapOn('btn_hours', 'wamid.menu.5');
    expect((await said()).slice(5)).toEqual(['Nine to five.']);
    for (const shown of [1, 2, 3, 4]) await tapOn('btn_of_nobody', `wamid.other.${shown}`);
    await tapOn('btn_of_nobody', 'wamid.other.5');
    expect(await said()).toHaveLength(10);
    inbox.clock.advance(HOUR);
    await tapOn('btn_of_nobody', 'wamid.other.5');
    expect((await said()).slice(10)).toEqual(['Sorry?']);
  });

  it('an autoresponder that takes its time is stopped all the same', async () => {
    await publish(inbox, tenant, FLOW);
    for (let round = 0; round < 30; round++) await write(`I am away ${round}`, 6000);
    expect(await said()).toEqual(Array.from({ length: 9 }, () => 'Sorry?'));
  });
});
