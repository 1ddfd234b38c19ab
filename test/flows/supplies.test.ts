import { newId, type TenantId } from '../../src/kernel/ids.js';
import { Inbox, NUMBER, tap } from '../conversations/inbox.js';
import { publish, step } from './flows.js';

interface Answer {
  readonly code: string;
  readonly errors: readonly { readonly code: string; readonly where: object; readonly message: string }[];
  readonly warnings: readonly { readonly code: string }[];
  readonly transcript: readonly {
    readonly note: string | null;
    readonly text: string | null;
    readonly stepKey: string;
  }[];
  readonly passed: boolean;
}

const CUSTOMER = { waId: '919876543210', profileName: 'Asha' };
const IMAGE = { type: 'HEADER', format: 'IMAGE' };
const BODY = { type: 'BODY', text: 'Dear {{1}}, {{2}} are due.' };

describe('What steps show that is not the flow’s own', () => {
  let inbox: Inbox;
  let tenant: TenantId;
  let apiKey: string;

  beforeAll(async () => {
    inbox = await Inbox.open();
  }, 120_000);
  afterAll(() => inbox.close());
  beforeEach(async () => {
    ({ tenantId: tenant, apiKey } = await inbox.merchant());
    inbox.clock.advance(60_000);
  });

  const add = (step: object) => inbox.call<Answer>('POST', '/v1/flow-templates', apiKey, step);
  const picture = (media: object, more: object = {}) => add({ key: 'logo', kind: 'media', media, ...more });
  const found = async (answer: Promise<{ status: number; body: Answer }>): Promise<unknown> => {
    const { status, body } = await answer;
    return [status, body.errors?.map(({ code, where }) => [code, where]) ?? body.code];
  };
  const file = async (of: TenantId, mimeType = 'image/png', size = 1000): Promise<string> => {
    const id = newId();
    await inbox.sql(
      of,
      `insert into media (tenant_id, id, source, kind, state, mime_type, size, sha256, store_key, created_by, created_at, stored_at)
       values ($1::uuid, $2::uuid, 'upload', 'image', 'stored', $3, $4::bigint, decode(md5($2::text) || md5($2::text), 'hex'), $2::text, 'api', now(), now())`,
      [of, id, mimeType, size],
    );
    return id;
  };
  /** "logo" leads to the picture; what cannot be said is "Sorry". */
  const withRule = async (): Promise<void> => {
    await add({ key: 'sorry', body: 'Sorry' });
    const rule = {
      match: { type: 'equals', values: ['logo'] },
      action: { type: 'send_template', templateKey: 'logo' },
    };
    await inbox.call('PUT', '/v1/flows', apiKey, { rules: [rule], fallbackTemplateKey: 'sorry', restartWords: [] });
  };
  const at = (field: string) => ({ templateKey: 'logo', field });

  describe('files', () => {
    it('are of the merchant and of a kind and size that WhatsApp takes, or the step is not kept (S1.45)', async () => {
      const other = await inbox.merchant();
      const foreign = await file(other.tenantId);
      expect(await found(picture({ kind: 'image', mediaId: 'logo' }))).toEqual([400, [[undefined, undefined]]]);
      expect(await found(picture({ kind: 'image', mediaId: newId() }))).toEqual([
        422,
        [['MEDIA_NOT_FOUND', at('media.mediaId')]],
      ]);
      expect(await found(picture({ kind: 'image', mediaId: foreign }))).toEqual([
        422,
        [['MEDIA_NOT_FOUND', at('media.mediaId')]],
      ]);
      const refused = [
        { kind: 'video', mediaId: await file(tenant) },
        { kind: 'image', mediaId: await file(tenant, 'application/pdf') },
        { kind: 'image', mediaId: await file(tenant, 'image/png', 6 * 1024 * 1024) },
      ];
      for (const media of refused)
        expect(await found(picture(media))).toEqual([422, [['MEDIA_NOT_SENDABLE', at('media.mediaId')]]]);
      expect((await picture({ kind: 'image', mediaId: (await file(tenant)).toUpperCase() })).status).toBe(201);
    });

    it('are fetched from public addresses alone, as far as the address is known (F58)', async () => {
      const inside = { kind: 'image', link: 'http://169.254.169.254/latest/meta-data' };
      expect(await found(picture(inside))).toEqual([422, [['MEDIA_LINK_REFUSED', at('media.link')]]]);
      expect((await picture({ kind: 'image', link: 'https://{{answers.shop}}.example/a.png' })).status).toBe(201);
    });

    it('are looked at in imports, too', async () => {
      const steps = [{ key: 'logo', kind: 'media', media: { kind: 'image', mediaId: newId() } }];
      const document = { format: 'nodue-flow/1', steps };
      for (const query of ['', '?dryRun=true'])
        expect(await found(inbox.call('POST', `/v1/flows/import${query}`, apiKey, document))).toEqual([
          422,
          [['MEDIA_NOT_FOUND', at('media.mediaId')]],
        ]);
    });

    it("that are nobody's, or another merchant's, in a flow that was kept before: the fallback is said (S2.33)", async () => {
      const foreign = await file((await inbox.merchant()).tenantId);
      const rules = ['logo', foreign].map((word) => ({
        id: word,
        match: { type: 'equals' as const, values: [word] },
        action: { type: 'send_template' as const, templateKey: word },
      }));
      const shown = ['logo', foreign].map((mediaId) =>
        step(mediaId, { kind: 'media', body: '', media: { kind: 'image', mediaId } }),
      );
      await publish(inbox, tenant, { steps: [...shown, step('Sorry')], rules, fallbackTemplateKey: 'Sorry' });
      for (const word of ['logo', foreign]) await inbox.arrive(tenant, inbox.message(CUSTOMER, word));
      expect(await inbox.texts(tenant)).toEqual(['Sorry', 'Sorry']);
    });

    it('that are gone are not waited for: the fallback is said, and programs are told (S2.33)', async () => {
      const mediaId = await file(tenant);
      await picture({ kind: 'image', mediaId });
      await withRule();
      await inbox.arrive(tenant, inbox.message(CUSTOMER, 'logo'));
      await inbox.sql(
        tenant,
        `update media set mime_type = 'application/pdf' where tenant_id = $1::uuid and id = $2::uuid`,
        [tenant, mediaId],
      );
      inbox.clock.advance(60_000);
      await inbox.arrive(tenant, inbox.message(CUSTOMER, 'logo'));
      expect(await inbox.texts(tenant)).toEqual(['image', 'Sorry']);
      const trial = await inbox.call<Answer>('POST', '/v1/flows/test', apiKey, { messages: [{ text: 'logo' }] });
      expect(trial.body.transcript.slice(1)).toMatchObject([{ note: 'MEDIA_NOT_SENDABLE' }, { text: 'Sorry' }]);
      await connect(inbox, tenant, []);
      const sent = await inbox.call<Answer>('POST', '/v1/messages', apiKey, {
        to: `+${CUSTOMER.waId}`,
        templateKey: 'logo',
      });
      expect(sent).toMatchObject({ status: 422, body: { code: 'MEDIA_NOT_SENDABLE' } });
    });
  });

  describe('templates of WhatsApp', () => {
    const due = (whatsappTemplate: object, more: object = {}) =>
      add({
        key: 'logo',
        kind: 'whatsapp_template',
        whatsappTemplate: { name: 'due', language: 'en', ...whatsappTemplate },
        ...more,
      });
    const refusedAt = (field: string) => [422, [['WHATSAPP_TEMPLATE_REFUSED', at(field)]]];
    const variables = { '1': '{{customer.name}}', '2': '{{customer.balance}}' };
    const media = { kind: 'image', link: 'https://shop.example/logo.png' };

    it('are given what they ask for, or the step is not kept (S1.37, C19)', async () => {
      await connect(inbox, tenant, [{ components: [IMAGE, BODY] }]);
      for (const [given, more] of [
        [{}, { media }],
        [{ variables: { '1': 'x' } }, { media }],
        [{ variables: { name: 'x', amount: 'y' } }, { media }],
        [{ variables }, {}],
        [{ variables }, { media: { ...media, kind: 'video' } }],
        [{ variables, headerVariables: { '1': 'x' } }, {}],
        [{ variables, buttons: [{ index: 0, kind: 'url', value: 'x' }] }, { media }],
        [{ variables }, { media, buttons: [{ title: 'Paid' }] }],
      ] as const)
        expect(await found(due(given, more))).toEqual(refusedAt('whatsappTemplate'));
      expect(
        await found(
          due({ variables }, { media, translations: { hi: { whatsappTemplate: { name: 'due', language: 'en' } } } }),
        ),
      ).toEqual(refusedAt('translations.hi.whatsappTemplate'));
      expect((await due({ variables }, { media })).status).toBe(201);
    });

    it('may have header variables, addresses, codes, and quick replies behind them', async () => {
      const buttons = [
        { type: 'URL', text: 'Track', url: 'https://shop.example/{{1}}' },
        { type: 'COPY_CODE', text: 'Copy', example: 'SAVE10' },
        { type: 'PHONE_NUMBER', text: 'Call', phone_number: '+15550000000' },
        { type: 'QUICK_REPLY', text: 'Paid' },
        { type: 'QUICK_REPLY', text: 'Later' },
      ];
      await connect(inbox, tenant, [
        { components: [{ type: 'HEADER', format: 'TEXT', text: 'For {{1}}' }, BODY, { type: 'BUTTONS', buttons }] },
      ]);
      const given = {
        variables: { '1': '{{customer.name}}', '2': '5' },
        headerVariables: { '1': '{{customer.name}}' },
        buttons: [
          { index: 0, kind: 'url', value: 'pay' },
          { index: 1, kind: 'copy_code', value: 'SAVE10' },
        ],
      };
      const paid = { id: 'btn_paid', title: 'Paid', nextTemplateKey: 'thanks' };
      await add({ key: 'thanks', body: 'Thank you' });
      expect(await found(due(given, { buttons: [paid] }))).toEqual(refusedAt('whatsappTemplate'));
      expect((await due(given, { buttons: [{ ...paid, index: 3 }] })).status).toBe(201);
      await withRule();
      await inbox.arrive(tenant, inbox.message(CUSTOMER, 'logo'));
      const [sent] = await inbox.answers(tenant);
      expect(sent!.content).toEqual({
        type: 'template',
        name: 'due',
        language: 'en',
        header: { positional: ['Asha'] },
        body: { positional: ['Asha', '5'] },
        buttons: [
          { index: 0, kind: 'url', value: 'pay' },
          { index: 1, kind: 'copy_code', value: 'SAVE10' },
          { index: 3, kind: 'quick_reply', value: 'btn_paid' },
        ],
      });
      const reply = tap('btn_paid', 'wamid.out').body;
      await inbox.arrive(
        tenant,
        inbox.message(CUSTOMER, { ...reply, source: 'template', title: 'Paid' } as typeof reply),
      );
      expect(await inbox.texts(tenant)).toEqual(['template', 'Thank you']);
      const exported = await inbox.call<object>('GET', '/v1/flows/export', apiKey);
      const imported = await inbox.call<Answer>('POST', '/v1/flows/import?mode=replace', apiKey, exported.body);
      expect(imported.status).toBe(200);
    });

    it('are judged by all accounts: what one of them takes can be sent', async () => {
      await connect(inbox, tenant, [{ components: [IMAGE, BODY] }, { components: [{ type: 'BODY', text: 'Due' }] }]);
      expect((await due({})).status).toBe(201);
      expect((await due({ variables }, { key: 'other', media })).status).toBe(201);
      expect(await found(due({ variables }, { key: 'third' }))).toMatchObject([
        422,
        [['WHATSAPP_TEMPLATE_REFUSED', {}]],
      ]);
    });

    it('that are not approved yet are kept, with a warning; a trial says that they are refused', async () => {
      await connect(inbox, tenant, [{ components: [BODY], status: 'pending' }]);
      const { status, body } = await due({ variables: { '1': 'x' } });
      expect(status).toBe(201);
      expect(body.warnings.map(({ code }) => code)).not.toContain('WHATSAPP_TEMPLATE_REFUSED');
      await withRule();
      const messages = [{ text: 'logo', expect: { stepKey: 'logo' } }];
      const trial = await inbox.call<Answer>('POST', '/v1/flows/test', apiKey, { messages });
      expect(trial.body).toMatchObject({ passed: false });
      expect(trial.body.transcript.slice(1)).toMatchObject([
        { note: 'TEMPLATE_REFUSED', stepKey: 'logo' },
        { text: 'Sorry', stepKey: 'sorry' },
      ]);
      await inbox.sql(tenant, `update wa_template set status = 'approved' where tenant_id = $1::uuid`, [tenant]);
      await inbox.call('PATCH', '/v1/flow-templates/logo', apiKey, {
        whatsappTemplate: { name: 'due', language: 'en', variables },
      });
      const known = { 'customer.name': 'Asha', 'customer.balance': '₹5' };
      const now = await inbox.call<Answer>('POST', '/v1/flows/test', apiKey, { messages, variables: known });
      expect(now.body).toMatchObject({ passed: true });
      expect(now.body.transcript.at(-1)).toMatchObject({ text: 'Dear Asha, ₹5 are due.' });
    });
  });
});

/** Accounts of the merchant, each with the template `due`; the first has the number that may send. */
async function connect(
  inbox: Inbox,
  tenant: TenantId,
  accounts: readonly { readonly components: readonly object[]; readonly status?: string }[],
): Promise<void> {
  for (const [at, { components, status = 'approved' }] of (accounts.length === 0
    ? [{ components: [] }]
    : accounts
  ).entries())
    await inbox.sql(
      tenant,
      `with account as (
         insert into whatsapp_account (tenant_id, id, waba_id, status, setup_status, access_token, connected_at, updated_at)
         values ($1::uuid, gen_random_uuid(), $2, 'connected', 'COMPLETED', '\\x00', now(), now()) returning id),
       template as (
         insert into wa_template (tenant_id, id, account_id, name, language, category, status, parameter_format, components, told_at, created_at, updated_at)
         select $1::uuid, gen_random_uuid(), id, 'due', 'en', 'utility', $3, 'positional', $4::jsonb, '{"components": "2026-11-01T00:00:00Z"}', now(), now() from account)
       insert into phone_number (tenant_id, phone_number_id, account_id, display_phone_number, created_at, updated_at)
       select $1::uuid, $5, id, '+15550000000', now(), now() from account where $5::text is not null`,
      [tenant, `${NUMBER}${newId()}`.slice(0, 40), status, JSON.stringify(components), at === 0 ? NUMBER : null],
    );
}
