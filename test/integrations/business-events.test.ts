import { newId } from '../../src/kernel/ids.js';
import { ContactsMerged } from '../../src/modules/customers/domain/contact-events.js';
import {
  AccountConnected,
  CredentialRefused,
  PhoneNumberPaused,
} from '../../src/modules/messaging/domain/account-events.js';
import { TemplateChanged } from '../../src/modules/messaging/domain/templates/template-events.js';
import { UnitOfWork } from '../../src/platform/database/unit-of-work.js';
import { Outbox } from '../../src/platform/outbox/outbox.js';
import { OutboxRelay } from '../../src/platform/outbox/outbox-relay.js';
import { IntegrationsRig, type Merchant } from './integrations-rig.js';

const inr = (amountMinor: number): object => ({ amountMinor, currency: 'INR' });

describe("What happens to dues, payments, promises and consent is told to the merchant's systems (D18)", () => {
  let rig: IntegrationsRig;
  let merchant: Merchant;

  beforeAll(async () => {
    rig = await IntegrationsRig.open();
  });
  beforeEach(async () => {
    rig.receiver.reset();
    merchant = await rig.merchant();
  });
  afterAll(() => rig.close());

  const post = async <Body = { id: string }>(url: string, payload: object): Promise<Body> => {
    const { status, body } = await rig.call<Body>('POST', url, merchant.apiKey, payload);
    expect({ url, status, body }).toMatchObject({ status: 201 });
    return body;
  };
  /** Takes a turn at each of the outbox's lanes. */
  const react = async (): Promise<void> => {
    const { tenantId } = merchant;
    for (const shard of [0, 1, 2, 3])
      await rig.in(tenantId, () =>
        rig
          .get(OutboxRelay)
          .drain({ key: `${tenantId}:${shard}`, tenantId, deaths: 0, signal: new AbortController().signal }),
      );
    await rig.log(tenantId);
  };

  it('in words of its own, with money as the API writes it, at the time at which it happened', async () => {
    const endpoint = await rig.endpoint(merchant);
    const { id: customerId } = await post('/v1/customers', { name: 'Asha', phone: '+919876543210' });
    const due = await post(`/v1/customers/${customerId}/dues`, { amount: inr(1000), dueDate: '2026-12-10' });
    const promised = await post(`/v1/customers/${customerId}/commitments`, { dueId: due.id, answer: 'PAY_WEEK' });
    const payment = await post(`/v1/customers/${customerId}/payments`, { amount: inr(1000) });
    const happenedAt = rig.clock.now().toISOString();
    rig.clock.advance(60_000);
    await react();
    await rig.pass(merchant, endpoint);
    const told = new Map(rig.receiver.heard.map(({ event }) => [event.type, event]));
    expect([...told.keys()]).toEqual(['due.added', 'promise.made', 'payment.recorded', 'due.paid', 'promise.kept']);
    for (const type of ['due.added', 'due.paid', 'payment.recorded', 'promise.made'])
      expect(told.get(type)!.occurredAt).toBe(happenedAt);
    const about = { customerId, dueId: due.id, actor: null };
    expect(told.get('due.added')!.data).toEqual({ ...about, amount: inr(1000), dueDate: '2026-12-10' });
    expect(told.get('due.paid')!.data).toEqual(about);
    expect(told.get('payment.recorded')!.data).toMatchObject({
      customerId,
      amount: inr(1000),
      allocations: [{ dueId: due.id, amount: inr(1000), settles: true }],
    });
    expect(payment.id).toBeDefined();
    expect(told.get('promise.made')!.data).toMatchObject({ ...about, commitmentId: promised.id, answer: 'PAY_WEEK' });
    rig.receiver.reset();
    const forgiven = await post(`/v1/customers/${customerId}/dues`, { amount: inr(500), dueDate: '2026-12-10' });
    await rig.call('POST', `/v1/dues/${forgiven.id}/write-off`, merchant.apiKey, { reason: 'Old' });
    await react();
    await rig.pass(merchant, endpoint);
    expect(rig.receiver.heard.map(({ event }) => event.type).sort()).toEqual(['due.added', 'due.written-off']);
  });

  it('once each, however often the outbox tells of it', async () => {
    await post('/v1/customers', { name: 'Asha', phone: '+919876543211' }).then(({ id }) =>
      post(`/v1/customers/${id}/dues`, { amount: inr(1000), dueDate: '2026-12-10' }),
    );
    await react();
    await rig.sql(merchant.tenantId, `update outbox_event set state = 'pending'`);
    await react();
    expect(await rig.sql(merchant.tenantId, 'select name from tenant_event')).toEqual([{ name: 'due.added' }]);
  });

  it('and of templates, accounts, numbers and merges, each by its id', async () => {
    const endpoint = await rig.endpoint(merchant);
    const [templateId, accountId, customerId, absorbedId] = [newId(), newId(), newId(), newId()];
    const template = { accountId, name: 'welcome', language: 'en' };
    const approved = { status: 'approved', quality: null, changes: { status: { from: 'pending', to: 'approved' } } };
    await rig.in(merchant.tenantId, () =>
      rig
        .get(UnitOfWork)
        .run(() =>
          rig
            .get(Outbox)
            .append([
              new TemplateChanged(templateId, { ...template, ...approved }),
              new AccountConnected(accountId, 'waba', ['1042']),
              new CredentialRefused(accountId, 'waba', 'expired'),
              new PhoneNumberPaused(accountId, '1042', 'RESTRICTED'),
              new ContactsMerged(customerId, absorbedId, []),
            ]),
        ),
    );
    await react();
    await rig.pass(merchant, endpoint);
    const told = new Map(rig.receiver.heard.map(({ event }) => [event.type, event.data]));
    expect(told.get('template.changed')).toEqual({ templateId, ...template, ...approved, actor: null });
    expect(told.get('account.connected')).toEqual({ accountId, wabaId: 'waba', phoneNumberIds: ['1042'], actor: null });
    expect(told.get('account.credential-refused')).toMatchObject({ accountId, reason: 'expired' });
    expect(told.get('phone-number.paused')).toMatchObject({ accountId, phoneNumberId: '1042', reason: 'RESTRICTED' });
    expect(told.get('customer.merged')).toMatchObject({ customerId, survivorId: customerId, absorbedId });
  });

  it('and to nobody else in the event log whose scopes do not reach it', async () => {
    const { id } = await post('/v1/customers', { name: 'Asha', phone: '+919876543212' });
    await post(`/v1/customers/${id}/dues`, { amount: inr(1000), dueDate: '2026-12-10' });
    await rig.happen(merchant, { name: 'whatsapp-conversation-update', payload: {} });
    await react();
    const read = async (...scopes: string[]): Promise<string[]> => {
      const { key } = await post<{ key: string }>('/v1/api-keys', { name: 'key', scopes });
      const { body } = await rig.call<{ data: { name: string }[] }>('GET', '/v1/events?after=0', key);
      return body.data.map(({ name }) => name);
    };
    expect(await read('conversations:read')).toEqual(['whatsapp-conversation-update']);
    expect(await read('conversations:read', 'ledger:read')).toEqual(['whatsapp-conversation-update', 'due.added']);
  });
});
