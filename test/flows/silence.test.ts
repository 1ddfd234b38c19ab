import { newId, type TenantId } from '../../src/kernel/ids.js';
import type { FlowGraph } from '../../src/modules/flows/domain/flow-graph.js';
import { Inbox } from '../conversations/inbox.js';
import { publish, step } from './flows.js';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const WA_ID = '919876543210';
const FLOW: Partial<FlowGraph> = {
  steps: [
    step('menu', {
      kind: 'interactive_button',
      branches: [
        { id: 'btn_order', title: 'Order', nextTemplateKey: 'order' },
        { id: 'btn_person', title: 'A person', nextTemplateKey: 'person' },
      ],
    }),
    step('order', {
      collects: { as: 'order', pattern: '[0-9]{4}', nextTemplateKey: 'got', invalidTemplateKey: 'four' },
    }),
    step('four'),
    step('got'),
    step('person', { handsOff: true }),
    step('fallback'),
  ],
  rules: [
    { id: 'r1', match: { type: 'equals', values: ['menu'] }, action: { type: 'send_template', templateKey: 'menu' } },
    { id: 'r2', match: { type: 'equals', values: ['order'] }, action: { type: 'send_template', templateKey: 'order' } },
  ],
  fallbackTemplateKey: 'fallback',
  restartWords: ['again'],
};

describe('While a conversation is with people, and afterwards (G8, D17)', () => {
  let inbox: Inbox;
  let tenant: TenantId;
  let conversation: string;

  beforeAll(async () => {
    inbox = await Inbox.open();
  }, 120_000);
  afterAll(() => inbox.close());
  beforeEach(async () => {
    ({ tenantId: tenant } = await inbox.merchant());
    await publish(inbox, tenant, FLOW);
    inbox.clock.advance(60 * MINUTE);
  });

  const write = async (text: string): Promise<void> => {
    inbox.clock.advance(2 * SECOND);
    conversation = await inbox.arrive(tenant, inbox.message({ waId: WA_ID }, text));
  };
  const tapOn = (id: string, source: 'button' | 'template'): Promise<string> => {
    inbox.clock.advance(2 * SECOND);
    const contextWamid = `wamid.shown.${newId()}`;
    return inbox.arrive(
      tenant,
      inbox.message({ waId: WA_ID }, { type: 'tap', source, id, title: id }, { contextWamid }),
    );
  };
  const say = (body: string): Promise<void> => {
    inbox.clock.advance(2 * SECOND);
    return inbox.say(tenant, conversation, body);
  };
  const echo = (sentAt: Date): Promise<void> => inbox.echo(tenant, WA_ID, sentAt);
  const last = async (): Promise<string | undefined> => (await inbox.texts(tenant)).at(-1);
  const open = async (): Promise<string | null | undefined> =>
    (await inbox.sql<{ open: string | null }>(tenant, 'select open_key as open from flow_position'))[0]?.open;

  it('a restart word is heard once a person has taken over, whatever loop was before', async () => {
    const loop = async (): Promise<void> => {
      for (let round = 0; round < 6; round++) await write(`I am a robot ${round}`);
    };
    await loop();
    await write('again');
    await loop();
    const before = (await inbox.texts(tenant)).length;
    // That of a program that has learnt the word is not.
    await write('again');
    expect(await inbox.texts(tenant)).toHaveLength(before);
    await say('Is anybody there?');
    inbox.clock.advance(MINUTE);
    await write('again');
    expect(await inbox.texts(tenant)).toHaveLength(before + 2);
    expect(await last()).not.toBe('Is anybody there?');
  });

  it.each(['flow', 'person'])(
    "a tap on a flow's template is not the flow's while it is with people: %s",
    async (why) => {
      await write('menu');
      if (why === 'flow') await tapOn('btn_person', 'button');
      else await say('I am here');
      const before = await inbox.texts(tenant);
      await tapOn('btn_order', 'template');
      await tapOn('btn_order', 'button');
      expect(await inbox.texts(tenant)).toEqual(before);
      await write('again');
      await tapOn('btn_order', 'template');
      expect(await last()).toBe('order');
    },
  );

  it.each(['the inbox', 'the phone'])(
    'a question does not stay open behind a person who writes from %s',
    async (from) => {
      await write('order');
      inbox.clock.advance(MINUTE);
      if (from === 'the inbox') await say('I am here');
      else await echo(inbox.clock.now());
      inbox.clock.advance(61 * MINUTE);
      await write('Thank you');
      expect(await last()).toBe('fallback');
      await write('1234');
      expect(await last()).toBe('fallback');
    },
  );

  it('nor behind one of whom is told a day late', async () => {
    await write('order');
    inbox.clock.advance(20 * 60 * MINUTE);
    await echo(new Date(inbox.clock.now().getTime() - 19 * 60 * MINUTE));
    await write('Thank you');
    expect(await last()).toBe('fallback');
  });

  it('nor behind one who gave the conversation back', async () => {
    const { apiKey } = await merchantWithFlow();
    await write('order');
    await say('I am here');
    const answer = await inbox.call('PATCH', `/v1/conversations/${conversation}`, apiKey, { botPausedUntil: null });
    expect(answer.status).toBe(200);
    await write('1234');
    expect(await last()).toBe('fallback');
  });

  it('one that is asked afterwards is open', async () => {
    await write('order');
    await say('I am here');
    await write('again');
    await write('order');
    expect(await open()).toBe('order');
    await write('1234');
    expect(await last()).toBe('got');
  });

  it('the conversation goes on with the newest version (D16)', async () => {
    await write('order');
    await publish(inbox, tenant, {
      ...FLOW,
      version: 2,
      rules: [
        {
          id: 'r1',
          match: { type: 'equals', values: ['menu'] },
          action: { type: 'send_template', templateKey: 'got' },
        },
      ],
    });
    await say('I am here');
    inbox.clock.advance(61 * MINUTE);
    await write('menu');
    expect(await last()).toBe('got');
  });

  async function merchantWithFlow(): Promise<{ apiKey: string }> {
    const merchant = await inbox.merchant();
    tenant = merchant.tenantId;
    await publish(inbox, tenant, FLOW);
    return merchant;
  }
});
