import type { TenantId } from '../../src/kernel/ids.js';
import type { Finding } from '../../src/modules/flows/domain/lint/finding.js';
import { Inbox, NUMBER } from '../conversations/inbox.js';

describe('The lint of a flow (D16)', () => {
  let inbox: Inbox;
  let apiKey: string;

  beforeAll(async () => {
    inbox = await Inbox.open();
  }, 120_000);
  afterAll(() => inbox.close());
  beforeEach(async () => {
    ({ apiKey } = await inbox.merchant());
  });

  const add = (step: object) => inbox.call('POST', '/v1/flow-templates', apiKey, { kind: 'text', ...step });
  const lint = async (): Promise<{ version: number; findings: readonly Finding[] }> =>
    (await inbox.call<{ version: number; findings: readonly Finding[] }>('GET', '/v1/flows/lint', apiKey)).body;

  it('has nothing to say of no flow', async () => {
    expect(await lint()).toEqual({ version: 0, findings: [] });
  });

  it('knows the variables that modules provide, and tells of others (S2.104)', async () => {
    await add({ key: 'known', body: '{{customer.balance}} {{merchant.name}}' });
    await add({ key: 'unknown', body: '{{customer.shoeSize}} {{answers.size}}' });
    const { version, findings } = await lint();
    expect(version).toBe(2);
    const about = findings.filter(({ code }) => code === 'VARIABLE_WITHOUT_SOURCE' || code === 'ANSWER_NEVER_ASKED');
    expect(about.map(({ code, where }) => [code, where.templateKey])).toEqual([
      ['VARIABLE_WITHOUT_SOURCE', 'unknown'],
      ['ANSWER_NEVER_ASKED', 'unknown'],
    ]);
  });

  it('tells of templates that WhatsApp has not approved, once the account is known', async () => {
    const { tenantId, apiKey: key } = await inbox.merchant();
    apiKey = key;
    const whatsappTemplate = { name: 'due_today', language: 'en' };
    await add({ key: 'due', kind: 'whatsapp_template', whatsappTemplate });
    await add({ key: 'gone', kind: 'whatsapp_template', whatsappTemplate: { name: 'gone', language: 'en' } });
    const unapproved = async () =>
      (await lint()).findings
        .filter(({ code }) => code === 'WHATSAPP_TEMPLATE_NOT_APPROVED')
        .map(({ where }) => where.templateKey);
    expect(await unapproved()).toEqual([]);
    await approve(inbox, tenantId, 'due_today');
    expect(await unapproved()).toEqual(['gone']);
  });
});

/** A number that may send, and a template of its account that WhatsApp has approved. */
async function approve(inbox: Inbox, tenant: TenantId, name: string): Promise<void> {
  await inbox.sql(
    tenant,
    `with account as (
       insert into whatsapp_account (tenant_id, id, waba_id, status, setup_status, access_token, connected_at, updated_at)
       values ($1::uuid, gen_random_uuid(), $2, 'connected', 'COMPLETED', '\\x00', now(), now()) returning id),
     template as (
       insert into wa_template (tenant_id, id, account_id, name, language, category, status, parameter_format, components, told_at, created_at, updated_at)
       select $1::uuid, gen_random_uuid(), id, $3, 'en', 'utility', 'approved', 'positional', '[{"type": "BODY", "text": "Due today"}]', '{}', now(), now() from account)
     insert into phone_number (tenant_id, phone_number_id, account_id, display_phone_number, created_at, updated_at)
     select $1::uuid, $2, id, '+15550000000', now(), now() from account`,
    [tenant, NUMBER, name],
  );
}
