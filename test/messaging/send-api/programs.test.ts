import { type Answer, type Merchant, Stage } from './stage.js';

const TEMPLATE = {
  name: 'interactive_due_today',
  language: 'en',
  body: { name: 'Asha', amount: '500', duedate: '25 Feb 2026', companyname: 'Shop' },
};

describe('Programs that send', () => {
  let stage: Stage;
  let shop: Merchant;
  let other: Merchant;
  let customers = 0;

  beforeAll(async () => {
    stage = await Stage.open();
    shop = await stage.merchant();
    other = await stage.merchant();
  });
  afterAll(() => stage.close());

  const customer = (): string => String(919600000000 + ++customers);
  const send = (body: object, headers: Record<string, string> = {}, token = shop.apiKey): Promise<Answer> =>
    stage.call('POST', '/v1/messages', token, body, headers);
  const template = (more: object = {}): object => ({ to: customer(), whatsappTemplate: TEMPLATE, ...more });
  const list = async (query: string, token = shop.apiKey): Promise<string[]> =>
    (await stage.call('GET', `/v1/messages?${query}`, token)).body.data.map(({ messageId }) => messageId as string);

  it('are answered 202 with the id of a queued message (S2.48, S2.50)', async () => {
    const answer = await send(template());
    expect(answer).toMatchObject({ status: 202, body: { status: 'queued', messageId: expect.any(String) } });
    await stage.untilStatus(answer.body.messageId, shop.apiKey, 'sent', 'delivered', 'read');
  });

  it('say it in exactly one of three forms (S2.70)', async () => {
    const to = customer();
    for (const body of [
      { to },
      { to, text: 'a', templateKey: 'tmpl_ab12cd34' },
      { to, text: 'a', whatsappTemplate: TEMPLATE },
      { to, templateKey: 'tmpl_ab12cd34', whatsappTemplate: TEMPLATE },
      { to, text: null },
      { to, text: 'a', variables: { name: 'Asha' } },
      { to, whatsappTemplate: TEMPLATE, variables: { name: 'Asha' } },
      { to, templateKey: 'tmpl_ab12cd34', variables: ['Asha'] },
      { to, templateKey: 'tmpl_ab12cd34', variables: { name: 7 } },
      { to, templateKey: '' },
      { to, text: 'a', priority: 'urgent' },
      { to, text: 'a', priority: null },
    ])
      expect({ given: body, ...(await send(body)) }).toMatchObject({ status: 400, body: { code: 'INVALID_REQUEST' } });
  });

  it('learn that nobody knows a step of that key (S2.49)', async () => {
    expect(await send({ to: customer(), templateKey: 'tmpl_nowhere1' })).toMatchObject({
      status: 422,
      body: { code: 'FLOW_TEMPLATE_NOT_FOUND' },
    });
  });

  describe('with a business key', () => {
    it('send once: the second is 409 with the first messageId, whatever it says (S2.51, S2.73, C43)', async () => {
      const first = await send(template({ idempotencyKey: 'invoice-1' }));
      expect(first.status).toBe(202);
      expect(await send(template({ idempotencyKey: 'invoice-1' }))).toMatchObject({
        status: 409,
        body: {
          code: 'IDEMPOTENCY_KEY_USED',
          title: 'Conflict',
          detail: 'Request with the given idempotency_key already processed',
          messageId: first.body.messageId,
        },
      });
      expect((await send(template({ idempotencyKey: 'invoice-1' }), {}, other.apiKey)).status).toBe(202);
    });

    it('are told so also when the message could not be sent any more', async () => {
      const to = customer();
      await stage.write(shop, to);
      const request = { to, text: 'while the window is open', idempotencyKey: 'window-1' };
      const { body } = await send(request);
      await stage.untilStatus(body.messageId, shop.apiKey, 'sent', 'delivered', 'read');
      await stage.advance(25);
      expect(await send({ ...request, idempotencyKey: 'window-2' })).toMatchObject({ status: 422 });
      expect(await send(request)).toMatchObject({ status: 409, body: { messageId: body.messageId } });
    });

    it('send once, though ten come at the same time', async () => {
      const request = template({ idempotencyKey: 'rush-1' });
      const answers = await Promise.all(Array.from({ length: 10 }, () => send(request)));
      expect(answers.map(({ status }) => status).sort()).toEqual([202, ...Array.from({ length: 9 }, () => 409)]);
      expect(new Set(answers.map(({ body }) => body.messageId)).size).toBe(1);
    });
  });

  describe('with an Idempotency-Key', () => {
    it('get the stored answer for the same request, and 422 for another', async () => {
      const request = template();
      const first = await send(request, { 'idempotency-key': 'header-1' });
      const again = await send(request, { 'idempotency-key': 'header-1' });
      expect(again).toMatchObject({ status: 202, body: first.body });
      expect(again.headers.get('idempotency-replayed')).toBe('true');
      expect(first.headers.get('idempotency-replayed')).toBeNull();
      expect(await send(template(), { 'idempotency-key': 'header-1' })).toMatchObject({
        status: 422,
        body: { code: 'IDEMPOTENCY_KEY_REUSED' },
      });
      expect((await send(request, { 'idempotency-key': 'header-1' }, other.apiKey)).status).toBe(202);
    });

    it('send once, though ten come at the same time: the others get the answer, or 409 while it runs', async () => {
      const request = template();
      const answers = await Promise.all(
        Array.from({ length: 10 }, () => send(request, { 'idempotency-key': 'header-2' })),
      );
      for (const { status, body } of answers)
        if (status !== 202)
          expect({ status, code: body.code }).toEqual({ status: 409, code: 'IDEMPOTENCY_KEY_IN_USE' });
      const told = new Set(answers.filter(({ status }) => status === 202).map(({ body }) => body.messageId));
      expect(told.size).toBe(1);
      expect(await list(`to=${(request as { to: string }).to}`)).toEqual([...told]);
    });
  });

  describe('with a priority (D15)', () => {
    const priorityOf = async (more: object, token: string): Promise<unknown> => {
      const { body } = await send(template(more), {}, token);
      return (await stage.call('GET', `/v1/messages/${body.messageId}`, shop.apiKey)).body['priority'];
    };

    it('leave as normal, or as what they say; people leave as answers', async () => {
      expect(await priorityOf({}, shop.apiKey)).toBe('normal');
      expect(await priorityOf({ priority: 'bulk' }, shop.apiKey)).toBe('bulk');
      expect(await priorityOf({ priority: 'answer' }, shop.apiKey)).toBe('answer');
      expect(await priorityOf({}, shop.token)).toBe('answer');
      expect(await priorityOf({ priority: 'bulk' }, shop.token)).toBe('bulk');
    });

    it('answer nobody when they may not answer', async () => {
      const key = await stage.key(shop, 'messages:write', 'messages:read');
      expect(await send(template({ priority: 'answer' }), {}, key)).toMatchObject({
        status: 403,
        body: { code: 'FORBIDDEN' },
      });
      expect((await send(template({ priority: 'normal' }), {}, key)).status).toBe(202);
    });
  });

  describe('find what they sent', () => {
    let to: string;
    const ids: string[] = [];

    beforeAll(async () => {
      to = customer();
      await stage.write(shop, to);
      for (const body of [
        { to, text: 'Parcel 100% packed_up', idempotencyKey: 'parcel-1' },
        { to, text: 'Parcel shipped', idempotencyKey: 'parcel-2' },
        { to, whatsappTemplate: TEMPLATE, idempotencyKey: 'parcel-3' },
      ])
        ids.push((await send(body)).body.messageId);
      for (const id of ids) await stage.untilStatus(id, shop.apiKey, 'delivered', 'read');
    });

    it.each([
      ['the customer', () => `to=%2B${to}&q=Parcel`, [1, 0]],
      ['the business key', () => 'idempotencyKey=parcel-2', [1]],
      ['a part of its words', () => 'q=parcel%20SHIP', [1]],
      ['words with signs that a pattern would have', () => 'q=100%25%20packed_', [0]],
      ['a sign that stands in none', () => `to=${to}&q=Parcel_`, []],
      ['the WhatsApp template', () => `to=${to}&templateName=interactive_due_today`, [2]],
      ['a template of another name', () => `to=${to}&templateName=interactive_due_toda_`, []],
      ['the step of a flow', () => `to=${to}&templateKey=tmpl_nowhere1`, []],
      ['the time', () => `to=${to}&q=Parcel&from=${stage.inHours(-1)}&until=${stage.inHours(1)}`, [1, 0]],
      ['a time before', () => `to=${to}&until=${stage.inHours(-1)}`, []],
      ['a time to come', () => `to=${to}&from=${stage.inHours(1)}`, []],
      ['several at once', () => `to=${to}&idempotencyKey=parcel-1&phoneNumberId=${shop.phoneNumberId}`, [0]],
      ['what does not go together', () => `idempotencyKey=parcel-1&phoneNumberId=${other.phoneNumberId}`, []],
    ])('by %s', async (_, query, expected) => {
      expect(await list(query())).toEqual(expected.map((n) => ids[n]));
    });

    it('page by page, the newest first, while more are sent', async () => {
      const first = await stage.call('GET', `/v1/messages?to=${to}&limit=2`, shop.apiKey);
      await send({ to, text: 'newer' });
      const rest = await list(`to=${to}&limit=100&cursor=${first.body.nextCursor}`);
      expect(first.body.data.map(({ messageId }) => messageId)).toEqual([ids[2], ids[1]]);
      expect(rest[0]).toBe(ids[0]);
    });

    it("and nothing of another merchant's", async () => {
      for (const query of [`to=${to}`, 'idempotencyKey=parcel-1', 'q=Parcel'])
        expect(await list(query, other.apiKey)).toEqual([]);
    });

    it('and are told what is no question', async () => {
      for (const query of ['to=x', 'from=yesterday', 'q=a', 'status=lost', 'cursor=x', 'limit=0', 'templateName='])
        expect({ query, ...(await stage.call('GET', `/v1/messages?${query}`, shop.apiKey)) }).toMatchObject({
          status: 400,
        });
    });
  });

  it('lose every third answer, some with the connection, ask again with the same keys, and have sent what they meant: each message once (S2.51)', async () => {
    const MEANT = 300;
    const recipients = Array.from({ length: MEANT }, customer);
    const told = new Map<number, string>();
    let requests = 0;
    // Some rely on the header, some on the business key, some on both.
    const keysOf = (n: number): [body: object, headers: Record<string, string>] => {
      const key = `campaign-${n}`;
      return [n % 3 !== 1 ? { idempotencyKey: key } : {}, n % 3 === 0 ? {} : { 'idempotency-key': key }];
    };
    const once = async (n: number): Promise<string | undefined> => {
      const [more, headers] = keysOf(n);
      const body = { to: recipients[n], whatsappTemplate: TEMPLATE, ...more };
      const number = ++requests;
      if (number % 9 === 3 || number % 9 === 6) {
        await stage.askAndCut(number % 9 === 3 ? 'asked' : 'answered', '/v1/messages', shop.apiKey, body, headers);
        return undefined;
      }
      const { status, body: answer } = await send(body, headers);
      if (number % 9 === 0) return undefined;
      if (status === 202 || answer.code === 'IDEMPOTENCY_KEY_USED') return answer.messageId;
      if (status === 429 || answer.code === 'IDEMPOTENCY_KEY_IN_USE') return undefined;
      throw new Error(JSON.stringify(answer));
    };
    const client = async (first: number, step: number): Promise<void> => {
      for (let n = first; n < MEANT; n += step) for (let id; (id = await once(n)) === undefined || !told.set(n, id););
    };
    await Promise.all(Array.from({ length: 8 }, (_, n) => client(n, 8)));
    expect(requests).toBeGreaterThan(MEANT * 1.3);
    for (let n = 0; n < MEANT; n += 7) {
      const [more, headers] = keysOf(n);
      const changed = { to: customer(), whatsappTemplate: TEMPLATE, ...more };
      const expected =
        n % 3 === 0
          ? { status: 409, body: { code: 'IDEMPOTENCY_KEY_USED', messageId: told.get(n) } }
          : { status: 422, body: { code: 'IDEMPOTENCY_KEY_REUSED' } };
      expect(await send(changed, headers)).toMatchObject(expected);
      expect(await list(`to=${changed.to}`)).toEqual([]);
    }
    for (const id of told.values()) await stage.untilStatus(id, shop.apiKey, 'accepted', 'sent', 'delivered', 'read');
    const sent = (await stage.ledger(`phoneNumberId=${shop.phoneNumberId}`)).map((message) => message.to);
    const meant = new Set(recipients);
    expect(sent.filter((to) => meant.has(to)).sort()).toEqual([...recipients].sort());
    expect(new Set(told.values()).size).toBe(MEANT);
  }, 120_000);
});
