import { type Merchant, Stage } from './stage.js';

const MINUTE = 1 / 60;

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
