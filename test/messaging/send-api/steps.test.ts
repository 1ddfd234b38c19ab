import { publish, step } from '../../flows/flows.js';
import { until } from '../../setup/until.js';
import { type Answer, type Merchant, Stage } from './stage.js';

const MENU = step('menu', {
  kind: 'interactive_button',
  body: 'Hello {{customer.name}}, how was order {{orderNumber}}?',
  branches: [
    { id: 'btn_good0001', title: 'Good', nextTemplateKey: 'thanks' },
    { id: 'btn_bad00001', title: 'Bad' },
  ],
});
const REMINDER = step('approved', {
  kind: 'whatsapp_template',
  body: '',
  whatsappTemplate: {
    name: 'interactive_due_today',
    language: 'en',
    variables: { name: '{{customer.name}}', amount: '{{amount}}', duedate: 'today', companyname: 'Shop' },
  },
});

describe('Programs that send a step of the flow (S2.28, S2.49)', () => {
  let stage: Stage;
  let shop: Merchant;
  let customers = 0;

  beforeAll(async () => {
    stage = await Stage.open();
    shop = await stage.merchant();
    await publish(stage, shop.tenantId, {
      steps: [
        MENU,
        step('thanks', { body: 'Thank you!' }),
        step('off', { isActive: false }),
        step('greeting', { body: 'Good day', translations: { hi: { body: 'Namaste' } } }),
        REMINDER,
      ],
    });
  });
  afterAll(() => stage.close());

  /** Somebody who wrote, and whom the merchant knows by name. */
  const customer = async (language = 'en'): Promise<string> => {
    const waId = String(919500000000 + ++customers);
    await stage.call('POST', '/v1/customers', shop.token, { name: 'Asha', phone: `+${waId}`, language });
    await stage.write(shop, waId);
    return waId;
  };
  const send = (to: string, templateKey: string, more: object = {}): Promise<Answer> =>
    stage.call('POST', '/v1/messages', shop.apiKey, { to, templateKey, ...more });
  const standsAt = async (waId: string): Promise<string | null | undefined> => {
    const [row] = await stage.sql<{ key: string | null }>(
      shop.tenantId,
      `select p.last_template_key as key from flow_position p join thread t on t.tenant_id = p.tenant_id and t.id = p.thread_id
       join contact_identity i on i.tenant_id = t.tenant_id and i.contact_id = t.contact_id where p.tenant_id = $1::uuid and i.value in ($2, '+' || $2)`,
      [shop.tenantId, waId],
    );
    return row?.key;
  };
  const count = async (waId: string): Promise<number> =>
    (await stage.call('GET', `/v1/messages?to=${waId}&limit=100`, shop.apiKey)).body.data.length;
  const arrives = (messageId: string): Promise<Answer['body']> =>
    stage.untilStatus(messageId, shop.apiKey, 'sent', 'delivered', 'read');

  it('give some values, the rest is known; the conversation stands at the step, and its buttons lead on (S2.29, S2.104)', async () => {
    const to = await customer();
    const { status, body } = await send(to, 'menu', { variables: { orderNumber: '1042' } });
    expect(status).toBe(202);
    expect(await standsAt(to)).toBe('menu');
    expect(await arrives(body.messageId)).toMatchObject({
      templateKey: 'menu',
      type: 'buttons',
      content: { body: 'Hello Asha, how was order 1042?' },
    });
    await stage.handset(to, { phoneNumberId: shop.phoneNumberId, tap: 'btn_good0001' });
    await until(async () => (await stage.textsTo(to)).includes('Thank you!'));
    expect(await standsAt(to)).toBe('thanks');
    const found = await stage.call('GET', `/v1/messages?to=${to}&templateKey=menu`, shop.apiKey);
    expect(found.body.data.map(({ messageId }) => messageId)).toEqual([body.messageId]);
    const answer = await stage.call('GET', `/v1/messages?to=${to}&templateKey=thanks`, shop.apiKey);
    expect(answer.body.data).toMatchObject([{ category: 'automatic_answer', content: { body: 'Thank you!' } }]);
  });

  it("speak the customer's language", async () => {
    const to = await customer('hi');
    const { body } = await send(to, 'greeting');
    expect(await arrives(body.messageId)).toMatchObject({ content: { body: 'Namaste' } });
  });

  it.each([
    ['a step that nobody made', 'nowhere', {}, { code: 'FLOW_TEMPLATE_NOT_FOUND' }],
    ['a step that is switched off (S2.100)', 'off', {}, { code: 'FLOW_TEMPLATE_INACTIVE' }],
    ['a value that nobody has (C19)', 'menu', {}, { code: 'MISSING_VARIABLES', missing: ['orderNumber'] }],
    ['a blank value (C19)', 'menu', { variables: { orderNumber: ' ' } }, { code: 'MISSING_VARIABLES' }],
  ])('are refused %s; nothing is queued, nothing moves', async (_, key, more, problem) => {
    const to = await customer();
    const [before, stood] = [await count(to), await standsAt(to)];
    expect(await send(to, key, more)).toMatchObject({ status: 422, body: problem });
    expect(await count(to)).toBe(before);
    expect(await standsAt(to)).toBe(stood);
  });

  it('reach a stranger with a step that is a WhatsApp template, and with no other (S1.88)', async () => {
    const to = String(919500000000 + ++customers);
    await stage.call('POST', '/v1/customers', shop.token, { name: 'Ravi', phone: `+${to}` });
    expect(await send(to, 'greeting')).toMatchObject({ status: 422, body: { code: 'WINDOW_CLOSED' } });
    expect(await standsAt(to)).toBeUndefined();
    const { body } = await send(to, 'approved', { variables: { amount: '500' } });
    expect(await arrives(body.messageId)).toMatchObject({ type: 'template', templateKey: 'approved' });
    expect(await standsAt(to)).toBe('approved');
  });

  it('move nothing with a key that was used (S2.51)', async () => {
    const to = await customer();
    const first = await send(to, 'greeting', { idempotencyKey: `greet-${to}` });
    expect(await send(to, 'menu', { variables: { orderNumber: '7' }, idempotencyKey: `greet-${to}` })).toMatchObject({
      status: 409,
      body: { messageId: first.body.messageId },
    });
    expect(await standsAt(to)).toBe('greeting');
  });

  it('order one for later: it is made when it leaves, of what holds then, and the conversation stands there from then on', async () => {
    const [to, unlucky] = [await customer(), await customer()];
    const stood = await standsAt(to);
    const { body } = await send(to, 'menu', { variables: { orderNumber: '8' }, scheduleAt: stage.inHours(2) });
    const lost = await send(unlucky, 'greeting', { scheduleAt: stage.inHours(2) });
    expect(await standsAt(to)).toBe(stood);
    await publish(stage, shop.tenantId, {
      version: 2,
      steps: [{ ...MENU, body: '{{customer.name}}: order {{orderNumber}}?' }, step('thanks')],
    });
    await stage.advance(2.1);
    expect(await arrives(body.messageId)).toMatchObject({ content: { body: 'Asha: order 8?' } });
    expect(await standsAt(to)).toBe('menu');
    expect(await stage.untilStatus(lost.body.messageId, shop.apiKey, 'failed')).toMatchObject({
      failure: { code: 'FLOW_TEMPLATE_NOT_FOUND' },
      attempts: [],
    });
  });
});
