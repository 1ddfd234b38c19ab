import { CancelMessage } from '../../../src/modules/messaging/application/outbound/cancel-message.js';
import { publish, step } from '../../flows/flows.js';
import { until } from '../../setup/until.js';
import { type Merchant, Stage } from './stage.js';

const MINUTE = 1 / 60;
const TEMPLATE = {
  name: 'interactive_due_today',
  language: 'en',
  body: { name: 'Asha', amount: '500', duedate: '25 Feb 2026', companyname: 'Shop' },
};

describe('A message that is ordered for a later hour', () => {
  let stage: Stage;
  let shop: Merchant;
  let customers = 0;

  beforeAll(async () => {
    stage = await Stage.open();
    shop = await stage.merchant();
  });
  afterAll(() => stage.close());

  const customer = (): string => String(919700000000 + ++customers);
  const send = async (body: object): Promise<{ status: number; messageId: string; code: string }> => {
    const { status, body: answer } = await stage.call('POST', '/v1/messages', shop.apiKey, body);
    return { status, messageId: answer.messageId, code: answer.code };
  };
  const find = async (messageId: string): Promise<Record<string, unknown>> =>
    (await stage.call('GET', `/v1/messages/${messageId}`, shop.apiKey)).body;
  const conversationOf = async (waId: string): Promise<Record<string, unknown>> =>
    (await stage.call('GET', `/v1/conversations?q=${waId}`, shop.token)).body.data[0]!;
  const shownTo = async (waId: string): Promise<string[]> => {
    const { id } = await conversationOf(waId);
    const { body } = await stage.call('GET', `/v1/conversations/${String(id)}/messages?limit=100`, shop.token);
    return body.data.map(({ type, content }) =>
      type === 'text' ? String((content as { body?: string; text?: string }).body) : String(type),
    );
  };
  /** How often the inbox was told that there is such a message. */
  const announced = async (messageId: string): Promise<number> =>
    (await stage.told(shop.tenantId, 'whatsapp-new-message')).filter((event) => event['messageId'] === messageId)
      .length;

  it('leaves at its hour and not before; until then the conversation does not show it (S2.49)', async () => {
    const to = customer();
    await stage.write(shop, to);
    const scheduleAt = stage.inHours(2);
    const { status, messageId } = await send({ to, text: 'in two hours', scheduleAt });
    expect(status).toBe(202);
    expect(await find(messageId)).toMatchObject({ status: 'queued', dueAt: scheduleAt });
    expect((await conversationOf(to))['lastMessagePreview']).not.toBe('in two hours');
    await stage.advance(2 - MINUTE);
    expect(await stage.textsTo(to)).not.toContain('in two hours');
    await stage.advance(2 * MINUTE);
    await stage.untilStatus(messageId, shop.apiKey, 'sent', 'delivered', 'read');
    expect((await stage.textsTo(to)).filter((text) => text === 'in two hours')).toHaveLength(1);
    expect((await conversationOf(to))['lastMessagePreview']).toBe('in two hours');
  });

  it('does not hold up what is sent to the same customer meanwhile', async () => {
    const to = customer();
    await stage.write(shop, to);
    await send({ to, text: 'later', scheduleAt: stage.inHours(3) });
    const { messageId } = await send({ to, text: 'now' });
    await stage.untilStatus(messageId, shop.apiKey, 'sent', 'delivered', 'read');
    expect(await stage.textsTo(to)).not.toContain('later');
  });

  it('stands in its conversation from when it leaves, below what was said before, and is told of once, then (S1.19, S1.20)', async () => {
    const to = customer();
    await stage.write(shop, to);
    const { messageId } = await send({ to, text: 'tomorrow morning', scheduleAt: stage.inHours(20) });
    const { messageId: never } = await send({ to, text: 'called back', scheduleAt: stage.inHours(20) });
    await stage.call('POST', `/v1/messages/${never}/cancel`, shop.apiKey);
    await stage.advance(19);
    const { messageId: newer } = await send({ to, text: 'this evening' });
    await stage.untilStatus(newer, shop.apiKey, 'sent', 'delivered', 'read');
    const said = await shownTo(to);
    expect(said.at(-1)).toBe('this evening');
    expect(said).not.toContain('called back');
    expect(await announced(messageId)).toBe(0);
    expect((await stage.call('GET', '/v1/conversations?q=tomorrow%20morning', shop.token)).body.data).toEqual([]);
    await stage.advance(1.1);
    await stage.untilStatus(messageId, shop.apiKey, 'sent', 'delivered', 'read');
    expect(await shownTo(to)).toEqual([...said, 'tomorrow morning']);
    expect(await announced(messageId)).toBe(1);
    expect((await stage.call('GET', '/v1/conversations?q=tomorrow%20morning', shop.token)).body.data).toHaveLength(1);
  });

  it('is a WhatsApp template as well, which needs no window; one that may not be sent any more fails and is shown so (S1.88, S2.77)', async () => {
    const [to, unlucky] = [customer(), customer()];
    const { messageId } = await send({ to, whatsappTemplate: TEMPLATE, scheduleAt: stage.inHours(30) });
    const late = { to: unlucky, whatsappTemplate: TEMPLATE, scheduleAt: stage.inHours(40) };
    const { messageId: lost } = await send(late);
    await stage.advance(30.1);
    await stage.untilStatus(messageId, shop.apiKey, 'sent', 'delivered', 'read');
    expect(await shownTo(to)).toEqual(['template']);
    const series = 'nodue_outbound_failed_total{code="TEMPLATE_REFUSED"}';
    const before = await stage.metric(series);
    const deleted = await stage.call('DELETE', `/v1/whatsapp/templates/${TEMPLATE.name}`, shop.token);
    expect(deleted.status).toBeLessThan(300);
    await stage.advance(10);
    expect(await stage.untilStatus(lost, shop.apiKey, 'failed')).toMatchObject({
      failure: { code: 'TEMPLATE_REFUSED', class: 'withheld' },
      attempts: [],
    });
    expect(await shownTo(unlucky)).toEqual(['template']);
    expect(await announced(lost)).toBe(1);
    expect((await stage.ledger(`to=${unlucky}`)).length).toBe(0);
    await until(async () => (await stage.metric(series)) === before + 1);
  });

  it('leaves with all that were ordered for the same instant, each once, with its effects once (S2.29, S2.49)', async () => {
    const STEPS = 250;
    const crowd = await stage.merchant();
    const price = { name: 'Asha', amount: '500', duedate: 'today', companyname: 'Shop' };
    const whatsappTemplate = { name: TEMPLATE.name, language: 'en', variables: price };
    await publish(stage, crowd.tenantId, {
      steps: [step('handover', { kind: 'whatsapp_template', body: '', whatsappTemplate, handsOff: true })],
    });
    await stage.sql(crowd.tenantId, 'update phone_number set throughput = 1000 where tenant_id = $1::uuid', [
      crowd.tenantId,
    ]);
    const scheduleAt = stage.inHours(2);
    const order = async (says: object): Promise<string> =>
      (await stage.call('POST', '/v1/messages', crowd.apiKey, { to: customer(), ...says, scheduleAt })).body.messageId;
    const ids: string[] = [];
    for (let n = 0; n < STEPS; n += 10) {
      const says = [...Array.from({ length: 10 }, () => ({ templateKey: 'handover' })), { whatsappTemplate: TEMPLATE }];
      ids.push(...(await Promise.all(says.map(order))));
    }
    await stage.advance(2.01);
    const left = async (): Promise<number> => (await stage.ledger(`phoneNumberId=${crowd.phoneNumberId}`)).length;
    await until(async () => (await left()) >= ids.length, { within: 60_000 });
    await until(async () => {
      const [waiting] = await stage.sql<{ n: number }>(
        crowd.tenantId,
        `select count(*)::int as n from message where tenant_id = $1::uuid and state in ('queued', 'sending')`,
        [crowd.tenantId],
      );
      return waiting!.n === 0;
    });
    expect(await left()).toBe(ids.length);
    const news = (await stage.told(crowd.tenantId, 'whatsapp-new-message')).map((event) => event['messageId']);
    expect(news.sort()).toEqual([...ids].sort());
    const handed = (await stage.told(crowd.tenantId, 'notification')).filter(({ kind }) => kind === 'handed-to-people');
    expect(handed).toHaveLength(STEPS);
  }, 180_000);

  it('is tried again as any other message: its hour is judged once, and what it says is made once (S2.29)', async () => {
    const to = customer();
    await stage.write(shop, to);
    await publish(stage, shop.tenantId, { steps: [step('greeting', { body: 'Good day', handsOff: true })] });
    const { messageId } = await send({ to, templateKey: 'greeting', scheduleAt: stage.inHours(2) });
    await stage.fault({ kind: 'graph-error', code: 130429, times: 1, match: { to } });
    await stage.advance(2.01);
    await until(async () => ((await find(messageId))['attempts'] as unknown[]).length > 0);
    await publish(stage, shop.tenantId, { version: 2, steps: [step('greeting', { body: 'Good night' })] });
    await stage.untilStatus(messageId, shop.apiKey, 'sent', 'delivered', 'read');
    expect(await find(messageId)).toMatchObject({ attempts: [{ outcome: 'throttled' }, { outcome: 'accepted' }] });
    expect((await stage.textsTo(to)).filter((text) => text?.startsWith('Good'))).toEqual(['Good day']);
    expect(await announced(messageId)).toBe(1);
    const { id: conversationId } = await conversationOf(to);
    const handed = (await stage.told(shop.tenantId, 'notification')).filter(
      (event) => event['kind'] === 'handed-to-people' && event['conversationId'] === conversationId,
    );
    expect(handed).toHaveLength(1);
  });

  it('is called back before it leaves, once', async () => {
    const to = customer();
    await stage.write(shop, to);
    const { messageId } = await send({ to, text: 'never', scheduleAt: stage.inHours(1) });
    expect((await stage.call('POST', `/v1/messages/${messageId}/cancel`, shop.apiKey)).status).toBe(204);
    expect(await stage.call('POST', `/v1/messages/${messageId}/cancel`, shop.apiKey)).toMatchObject({
      status: 409,
      body: { code: 'MESSAGE_NOT_CANCELLABLE' },
    });
    await stage.advance(1.1);
    expect(await find(messageId)).toMatchObject({ status: 'cancelled', attempts: [], dueAt: null });
    expect(await stage.textsTo(to)).not.toContain('never');
  });

  describe('that is called back while its hour comes (reliability G8)', () => {
    it('does not leave when the call was first', async () => {
      const [to, other] = [customer(), customer()];
      await stage.write(shop, to);
      await stage.write(shop, other);
      const scheduleAt = stage.inHours(1);
      const { messageId } = await send({ to, text: 'called back', scheduleAt });
      const { messageId: next } = await send({ to: other, text: 'next', scheduleAt });
      const commit = await stage.begin(shop.tenantId, () => stage.execute(new CancelMessage(messageId)));
      await stage.advance(1.01);
      await stage.untilStatus(next, shop.apiKey, 'accepted', 'sent', 'delivered', 'read');
      await commit();
      await stage.advance(1);
      expect(await find(messageId)).toMatchObject({ status: 'cancelled', attempts: [] });
      expect(await stage.textsTo(to)).not.toContain('called back');
    });

    it('is on its way when the claim was first, and the caller is told so', async () => {
      const to = customer();
      await stage.write(shop, to);
      const { messageId } = await send({ to, text: 'on its way', scheduleAt: stage.inHours(1) });
      const { id: thread } = await conversationOf(to);
      // The claim has locked the message, and waits for its conversation.
      const letGo = await stage.begin(shop.tenantId, (sql) =>
        sql.query('select 1 from thread where tenant_id = $1::uuid and id = $2::uuid for update', [
          ...[shop.tenantId, thread],
        ]),
      );
      const advanced = stage.advance(1.01);
      const free = 'select 1 from message where tenant_id = $1::uuid and id = $2::uuid for update skip locked';
      await until(async () => (await stage.sql(shop.tenantId, free, [shop.tenantId, messageId])).length === 0);
      const cancelled = stage.call('POST', `/v1/messages/${messageId}/cancel`, shop.apiKey);
      await letGo();
      await advanced;
      expect(await cancelled).toMatchObject({ status: 409, body: { code: 'MESSAGE_NOT_CANCELLABLE' } });
      await stage.untilStatus(messageId, shop.apiKey, 'sent', 'delivered', 'read');
      expect(await stage.textsTo(to)).toContain('on its way');
    });
  });

  it('fails with WINDOW_CLOSED when it is free text and the window has closed by then; nothing is posted (S1.88)', async () => {
    const [silent, lively] = [customer(), customer()];
    await stage.write(shop, silent);
    await stage.write(shop, lively);
    const late = stage.inHours(30);
    const { messageId: lost } = await send({ to: silent, text: 'too late', scheduleAt: late });
    const { messageId: lucky } = await send({ to: lively, text: 'in time', scheduleAt: late });
    await stage.advance(20);
    await stage.handset(lively, { phoneNumberId: shop.phoneNumberId, text: 'still here' });
    await stage.advance(11);
    expect(await stage.untilStatus(lost, shop.apiKey, 'failed')).toMatchObject({
      failure: { code: 'WINDOW_CLOSED', class: 'withheld' },
      attempts: [],
    });
    expect(await stage.textsTo(silent)).not.toContain('too late');
    await stage.untilStatus(lucky, shop.apiKey, 'sent', 'delivered', 'read');
  });

  it('fails when its conversation was blocked meanwhile', async () => {
    const to = customer();
    await stage.write(shop, to);
    const { messageId } = await send({ to, text: 'unwanted', scheduleAt: stage.inHours(1) });
    const { id } = await conversationOf(to);
    expect(
      (await stage.call('PATCH', `/v1/conversations/${String(id)}`, shop.token, { status: 'blocked' })).status,
    ).toBe(200);
    await stage.advance(1.1);
    expect(await stage.untilStatus(messageId, shop.apiKey, 'failed', 'cancelled')).toMatchObject({
      failure: { code: 'CONVERSATION_BLOCKED' },
    });
    expect(await stage.textsTo(to)).not.toContain('unwanted');
  });

  it.each([
    ['a year and more ahead', 24 * 367, 422, 'SCHEDULE_OUT_OF_RANGE'],
    ['long past', -1, 422, 'SCHEDULE_OUT_OF_RANGE'],
  ])('is refused when it is %s', async (_, hours, status, code) => {
    const to = customer();
    await stage.write(shop, to);
    expect(await send({ to, text: 'when?', scheduleAt: stage.inHours(hours) })).toMatchObject({ status, code });
  });

  it('is refused when its hour is no instant', async () => {
    for (const scheduleAt of ['tomorrow', '2026-02-30T09:00:00Z', '2026-11-21T09:00', 7, null])
      expect(await send({ to: customer(), text: 'when?', scheduleAt })).toMatchObject({
        status: 400,
        code: 'INVALID_REQUEST',
      });
  });
});
