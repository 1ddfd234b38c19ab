import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually, type JsonObject, Stage } from './application-stand-in.js';

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.open();
});
afterAll(() => stage.close());
beforeEach(async () => {
  await stage.call('PUT', '/sandbox/numbers/1001', { wabaId: '9001' });
  stage.application.received.length = 0;
});

const changes = (): JsonObject[] =>
  stage.application.received.flatMap(({ body }) =>
    ((JSON.parse(body) as JsonObject)['entry'] as JsonObject[]).flatMap((entry) => entry['changes'] as JsonObject[]),
  );

const told = (field: string): Promise<JsonObject> =>
  eventually(field, () => changes().find((one) => one['field'] === field)?.['value'] as JsonObject | undefined);

describe("The merchant's own phone (S1.85, F12)", () => {
  it('writes to a customer: an echo', async () => {
    const { status, body } = await stage.call('POST', '/sandbox/numbers/1001/echoes', {
      to: '919876543210',
      text: 'By hand',
    });
    expect(status).toBe(202);
    expect(await told('smb_message_echoes')).toMatchObject({
      metadata: { phone_number_id: '1001' },
      message_echoes: [{ to: '919876543210', id: body['id'], type: 'text', text: { body: 'By hand' } }],
    });
  });

  it('shares its history in parts, or keeps it', async () => {
    const messages = [
      { with: '919876543210', direction: 'in', text: 'Old question' },
      { with: '919876543210', direction: 'out', text: 'Old answer', status: 'DELIVERED' },
    ];
    await stage.call('POST', '/sandbox/numbers/1001/history', { messages, phase: 1, progress: 55 });
    expect(await told('history')).toMatchObject({
      history: [
        {
          metadata: { phase: 1, chunk_order: 1, progress: 55 },
          threads: [
            {
              id: '919876543210',
              messages: [
                { from: '919876543210', text: { body: 'Old question' } },
                { to: '919876543210', history_context: { status: 'DELIVERED' } },
              ],
            },
          ],
        },
      ],
    });
    stage.application.received.length = 0;
    await stage.call('POST', '/sandbox/numbers/1001/history', { refused: true });
    expect(await told('history')).toMatchObject({ history: [{ errors: [{ code: 2593109 }] }] });
  });

  it('has contacts and is called', async () => {
    await stage.call('POST', '/sandbox/numbers/1001/contacts', { phone: '919876543210', name: 'Asha Rao' });
    expect(await told('smb_app_state_sync')).toMatchObject({
      state_sync: [
        { type: 'contact', action: 'add', contact: { full_name: 'Asha Rao', phone_number: '919876543210' } },
      ],
    });
    await stage.call('POST', '/sandbox/numbers/1001/calls', { from: '919876543210' });
    expect(await told('calls')).toMatchObject({ calls: [{ from: '919876543210', event: 'connect' }] });
  });

  it('refuses what makes no sense', async () => {
    for (const [path, body] of [
      ['echoes', { to: 'x', text: 'a' }],
      ['echoes', { to: '919876543210' }],
      ['contacts', { phone: '919876543210', action: 'burn' }],
      ['calls', { from: '919876543210', event: 'ring' }],
    ] as const)
      expect((await stage.call('POST', `/sandbox/numbers/1001/${path}`, body)).status).toBe(400);
  });
});

describe('News of numbers and accounts (S1.58, F8)', () => {
  it('a number that is flagged, moved to another tier, or renamed', async () => {
    await stage.call('PUT', '/sandbox/numbers/1001', { status: 'FLAGGED' });
    expect(await told('phone_number_quality_update')).toMatchObject({ event: 'FLAGGED' });
    stage.application.received.length = 0;
    await stage.call('PUT', '/sandbox/numbers/1001', { messagingLimitTier: 'TIER_250' });
    expect(await told('phone_number_quality_update')).toMatchObject({
      event: 'DOWNGRADE',
      current_limit: 'TIER_250',
      max_daily_conversations_per_business: 'TIER_250',
    });
    await stage.call('PUT', '/sandbox/numbers/1001', { nameStatus: 'DECLINED', verifiedName: 'Odd' });
    expect(await told('phone_number_name_update')).toMatchObject({
      decision: 'REJECTED',
      requested_verified_name: 'Odd',
    });
    const { body } = await stage.call('GET', '/v24.0/1001?fields=status,messaging_limit_tier,name_status');
    expect(body).toMatchObject({ status: 'FLAGGED', messaging_limit_tier: 'TIER_250', name_status: 'DECLINED' });
    expect((await stage.call('PUT', '/sandbox/numbers/1001', { status: 'not so well' })).status).toBe(400);
  });

  it('an account that is banned', async () => {
    const ban_info = { waba_ban_state: 'DISABLE', waba_ban_date: 'November 21, 2026' };
    await stage.call('POST', '/sandbox/accounts/9001/update', { event: 'DISABLED_UPDATE', ban_info });
    expect(await told('account_update')).toEqual({ event: 'DISABLED_UPDATE', ban_info });
  });
});

describe('Prices by conversation, as until 2025-06-30 (S4.3, S4.7, C33)', () => {
  it('name one conversation a customer and day', async () => {
    await stage.call('PATCH', '/sandbox/switches', { pricingModel: 'CBP' });
    await stage.act('919876543211', { text: 'Hello' });
    for (const body of ['one', 'two'])
      await stage.call('POST', '/v24.0/1001/messages', {
        messaging_product: 'whatsapp',
        to: '919876543211',
        type: 'text',
        text: { body },
      });
    const statuses = await eventually('two sent', () => {
      const sent = stage.application.statuses().filter(({ status }) => status === 'sent');
      return sent.length === 2 && sent;
    });
    expect(new Set(statuses.map(({ conversation }) => (conversation as JsonObject)['id'])).size).toBe(1);
    expect(statuses[0]).toMatchObject({ pricing: { pricing_model: 'CBP', billable: false, category: 'service' } });
    await stage.call('PATCH', '/sandbox/switches', { pricingModel: 'PMP' });
  });
});
