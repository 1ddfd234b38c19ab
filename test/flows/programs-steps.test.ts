import type { TenantId } from '../../src/kernel/ids.js';
import { ComposeStep } from '../../src/modules/flows/application/composing/compose-step.js';
import type { FlowGraph } from '../../src/modules/flows/domain/flow-graph.js';
import { UnitOfWork } from '../../src/platform/database/unit-of-work.js';
import { Inbox } from '../conversations/inbox.js';
import { publish, step } from './flows.js';

const DAY = 24 * 3_600_000;
const FLOW: Partial<FlowGraph> = {
  steps: [
    step('ask', {
      body: 'Which account?',
      collects: { as: 'account', pattern: '[0-9]{4}', nextTemplateKey: 'thanks' },
    }),
    step('thanks', { body: 'Account {{answers.account}}.' }),
    step('shipped', { body: 'Your order has shipped.' }),
    step('rate', { kind: 'interactive_button', body: 'How was it?', branches: [{ id: 'btn_good', title: 'Good' }] }),
    step('person', { body: 'A person will write.', handsOff: true }),
    step('fallback', { body: 'Sorry?' }),
  ],
  rules: [
    { id: 'r', match: { type: 'equals', values: ['account'] }, action: { type: 'send_template', templateKey: 'ask' } },
  ],
  fallbackTemplateKey: 'fallback',
};
const ASHA = { waId: '919876543210', profileName: 'Asha' };

describe('A step that a program sends into a conversation', () => {
  let inbox: Inbox;
  let tenant: TenantId;
  let threadId: string;

  beforeAll(async () => {
    inbox = await Inbox.open();
  }, 120_000);
  afterAll(() => inbox.close());
  beforeEach(async () => {
    ({ tenantId: tenant } = await inbox.merchant());
    await publish(inbox, tenant, FLOW);
    threadId = await write('account');
  });

  const write = (text: string) => {
    inbox.clock.advance(2000);
    return inbox.arrive(tenant, inbox.message(ASHA, text));
  };
  const last = async () => (await inbox.texts(tenant)).at(-1);
  /** In one transaction, as they are ordered or leave. @returns what they say */
  const send = async (...keys: string[]) => {
    const [thread] = await inbox.sql<{ id: string }>(tenant, 'select contact_id as id from thread');
    const composer = inbox.get(ComposeStep);
    return inbox.in(tenant, () =>
      inbox.get(UnitOfWork).run(async () => {
        const composed = [];
        for (const templateKey of keys)
          composed.push(await composer.compose({ templateKey, variables: {}, threadId, contactId: thread!.id }));
        for (const one of composed) await one.accepted();
        return composed.map(({ content }) => ('body' in content ? content.body : ''));
      }),
    );
  };
  const position = async () =>
    (
      await inbox.sql<{ open: string | null; last: string; version: number; answers: object }>(
        tenant,
        'select open_key as open, last_template_key as last, flow_version as version, answers from flow_position',
      )
    )[0];

  it('leaves open what was asked, at its version, when it asks nothing itself', async () => {
    await publish(inbox, tenant, { ...FLOW, version: 2 });
    expect(await send('shipped')).toEqual(['Your order has shipped.']);
    expect(await position()).toMatchObject({ open: 'ask', last: 'shipped', version: 1 });
    await write('1234');
    expect(await last()).toBe('Account 1234.');
  });

  it.each(['rate', 'person'])(
    'is what the customer answers from then on when it asks, or hands over: %s',
    async (key) => {
      await send(key);
      expect(await position()).toMatchObject({ open: key, last: key });
      await write('1234');
      expect(await last()).toBe(key === 'rate' ? 'Sorry?' : 'Which account?');
    },
  );

  it('finds what the one before it has made of the conversation', async () => {
    await send('rate', 'shipped');
    expect(await position()).toMatchObject({ open: 'rate', last: 'shipped' });
  });

  it('knows the answers of a conversation that goes on, and no longer those of one that has rested for a day (C19)', async () => {
    await write('1234');
    expect(await send('thanks')).toEqual(['Account 1234.']);
    inbox.clock.advance(DAY);
    await expect(send('thanks')).rejects.toMatchObject({ code: 'MISSING_VARIABLES' });
    await write('account');
    inbox.clock.advance(DAY);
    await send('shipped');
    expect(await position()).toMatchObject({ last: 'shipped', answers: {} });
    await write('1234');
    expect(await last()).toBe('Sorry?');
  });
});
