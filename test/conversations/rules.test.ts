import type { TenantId } from '../../src/kernel/ids.js';
import type { InboundBody, InboundMessage } from '../../src/modules/messaging/index.js';
import { Inbox, NUMBER } from './inbox.js';

interface Rule {
  id: string;
  code: string;
}

const FIRST = { name: 'first_template', language: 'en' };
const RULE = { templateName: 'first_template', reply: 'Yes', sendTemplate: 'guest_questions' };

describe('A rule that answers a reply to a template with another template (S1.9, C50)', () => {
  let inbox: Inbox;
  let merchant: { tenantId: TenantId; apiKey: string };
  let rule: Rule;
  let customers = 0;

  beforeAll(async () => {
    inbox = await Inbox.open();
    merchant = await inbox.merchant();
    await inbox.sql(
      merchant.tenantId,
      `with account as (
         insert into whatsapp_account (tenant_id, id, waba_id, status, setup_status, connected_at, updated_at)
         values ($1::uuid, gen_random_uuid(), '7', 'connected', 'COMPLETED', now(), now()) returning id)
       insert into phone_number (tenant_id, phone_number_id, account_id, display_phone_number, created_at, updated_at)
       select $1::uuid, $2, id, '+9111', now(), now() from account`,
      [merchant.tenantId, NUMBER],
    );
    rule = (await call<Rule>('POST', '/v1/reply-rules', RULE)).body;
  });
  afterAll(() => inbox.close());

  const call = <Body>(
    method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
    path: string,
    body?: object,
  ): Promise<{ status: number; body: Body }> => inbox.call<Body>(method, path, merchant.apiKey, body);
  /** A customer who was sent a template, which arrived. */
  const invited = async (whatsappTemplate = FIRST): Promise<{ waId: string; wamid: string; threadId: string }> => {
    const waId = `9198${String(++customers).padStart(8, '0')}`;
    const { body } = await call<{ messageId: string }>('POST', '/v1/messages', { to: `+${waId}`, whatsappTemplate });
    const wamid = `wamid.out.${waId}`;
    const [row] = await inbox.sql<{ thread_id: string }>(
      merchant.tenantId,
      `update message set wamid = $2, state = 'delivered' where id = $1::uuid returning thread_id`,
      [body.messageId, wamid],
    );
    return { waId, wamid, threadId: row!.thread_id };
  };
  const write = (waId: string, body: InboundBody | string, more: Partial<InboundMessage> = {}): Promise<string> =>
    inbox.arrive(merchant.tenantId, inbox.message({ waId }, body, more));
  const sentTo = async (waId: string): Promise<string[]> =>
    (await inbox.answers(merchant.tenantId))
      .filter(({ address }) => address === waId)
      .map(({ content }) => (content.type === 'template' ? `${content.name}/${content.language}` : content.type));

  const tapped = { type: 'tap', source: 'template', id: 'Yes', title: 'Yes' } as const;
  it.each<[string, InboundBody | string, boolean]>([
    ['typed', 'Yes', false],
    ['typed otherwise', ' yes! ', false],
    ['typed as an answer to it', 'yes', true],
    ['tapped', tapped, true],
  ])('takes a reply that is %s', async (_, body, quoted) => {
    const { waId, wamid } = await invited();
    await write(waId, body, quoted ? { contextWamid: wamid } : {});
    expect(await sentTo(waId)).toEqual(['first_template/en', 'guest_questions/en']);
  });

  it('answers once, though the customer says it twice and the webhook comes again', async () => {
    const { waId, wamid } = await invited();
    const yes = inbox.message({ waId }, 'Yes', { contextWamid: wamid });
    await inbox.arrive(merchant.tenantId, yes);
    await write(waId, 'Yes', { contextWamid: wamid });
    await write(waId, tapped, { contextWamid: wamid });
    expect(await sentTo(waId)).toEqual(['first_template/en', 'guest_questions/en']);
  });

  it('leaves other words, other templates and an answer that comes days later to the others', async () => {
    const said = await invited();
    await write(said.waId, 'yes please');
    const other = await invited({ name: 'second_template', language: 'en' });
    await write(other.waId, 'Yes');
    const late = await invited();
    // An answer without a quotation counts for a day.
    await inbox.sql(merchant.tenantId, `update message set created_at = '2026-11-20T09:59:59Z' where wamid = $1`, [
      late.wamid,
    ]);
    await write(late.waId, 'Yes');
    for (const { waId } of [said, other, late]) expect(await sentTo(waId)).not.toContain('guest_questions/en');
  });

  it('holds while a person answers, not when the conversation is blocked, and STOP goes before it', async () => {
    const paused = await invited();
    await inbox.sql(
      merchant.tenantId,
      `update thread set bot_paused_until = $2::timestamptz, bot_paused_at = now(), bot_paused_reason = 'person' where id = $1::uuid`,
      [paused.threadId, new Date(inbox.clock.now().getTime() + 3_600_000).toISOString()],
    );
    await write(paused.waId, 'hi');
    await write(paused.waId, 'Yes', { contextWamid: paused.wamid });
    expect(await sentTo(paused.waId)).toEqual(['first_template/en', 'guest_questions/en']);
    const blocked = await invited();
    await call('PATCH', `/v1/conversations/${blocked.threadId}`, { status: 'blocked' });
    await write(blocked.waId, 'Yes', { contextWamid: blocked.wamid });
    expect(await sentTo(blocked.waId)).toEqual(['first_template/en']);
    const stop = (await call<Rule>('POST', '/v1/reply-rules', { ...RULE, reply: 'STOP' })).body;
    const stopping = await invited();
    await write(stopping.waId, 'STOP', { contextWamid: stopping.wamid });
    expect(await sentTo(stopping.waId)).not.toContain('guest_questions/en');
    expect((await call('DELETE', `/v1/reply-rules/${stop.id}`)).status).toBe(204);
  });

  it('sends its own language when it has one, and nothing while it is off', async () => {
    await call('PATCH', `/v1/reply-rules/${rule.id}`, { sendLanguage: 'hi' });
    const first = await invited();
    await write(first.waId, 'Yes');
    expect(await sentTo(first.waId)).toContain('guest_questions/hi');
    await call('PATCH', `/v1/reply-rules/${rule.id}`, { enabled: false, sendLanguage: null });
    const second = await invited();
    await write(second.waId, 'Yes');
    expect(await sentTo(second.waId)).not.toContain('guest_questions/en');
    await call('PATCH', `/v1/reply-rules/${rule.id}`, { enabled: true });
  });

  it("is kept once a reply and template, checked, and nobody else's (G6)", async () => {
    expect(await call<Rule>('POST', '/v1/reply-rules', RULE)).toMatchObject({
      status: 409,
      body: { code: 'REPLY_RULE_TAKEN' },
    });
    const other = (await call<Rule>('POST', '/v1/reply-rules', { ...RULE, reply: 'No' })).body;
    expect(await call<Rule>('PATCH', `/v1/reply-rules/${other.id}`, { reply: RULE.reply })).toMatchObject({
      status: 409,
      body: { code: 'REPLY_RULE_TAKEN' },
    });
    expect((await call('DELETE', `/v1/reply-rules/${other.id}`)).status).toBe(204);
    expect((await call('POST', '/v1/reply-rules', { ...RULE, reply: ' ' })).status).toBe(400);
    expect((await call('POST', '/v1/reply-rules', { ...RULE, sendTemplate: 'No Such!' })).status).toBe(400);
    const stranger = await inbox.merchant();
    for (const method of ['PATCH', 'DELETE'] as const)
      expect(
        await inbox.call(method, `/v1/reply-rules/${rule.id}`, stranger.apiKey, method === 'PATCH' ? {} : undefined),
      ).toMatchObject({ status: 404, body: { code: 'REPLY_RULE_NOT_FOUND' } });
    expect((await inbox.call('GET', '/v1/reply-rules', stranger.apiKey)).body).toEqual({ data: [] });
  });
});
