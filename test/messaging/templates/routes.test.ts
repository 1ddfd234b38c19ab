import { ProviderTemplates } from '../../../src/modules/messaging/application/templates/provider-templates.js';
import { until } from '../../setup/until.js';
import { PATIENTLY, type Shop, Shopfront, type TemplateRow } from './shopfront.js';

const TEMPLATES = '/v1/whatsapp/templates';
const POSITIONAL = {
  language: 'en',
  category: 'utility',
  components: [
    { type: 'BODY', text: 'Hello {{1}}, order {{2}} is ready for you.', example: { body_text: [['Asha', '7']] } },
  ],
};
const NAMED = {
  language: 'en',
  category: 'utility',
  parameterFormat: 'named',
  components: [
    {
      type: 'BODY',
      text: 'Hello {{first_name}}, thank you for coming.',
      example: { body_text_named_params: [{ param_name: 'first_name', example: 'Asha' }] },
    },
  ],
};

describe('Templates at the routes', () => {
  let front: Shopfront;
  let shop: Shop;

  beforeAll(async () => {
    front = await Shopfront.open();
    shop = await front.shop();
  });
  afterAll(() => front.close());
  afterEach(() => front.tell('DELETE', 'faults'));

  const call = (method: string, path: string, body?: unknown, token = shop.admin) =>
    front.call(method, `${TEMPLATES}${path}`, token, body);
  const sync = (of = shop) => front.call<{ accounts: object[] }>('POST', `${TEMPLATES}/sync`, of.admin);
  /** What the business manager sees. */
  const atMeta = async (name: string): Promise<string[]> => {
    const list = await front.atMeta<{ data: { name: string; status: string }[] }>(
      'GET',
      `${shop.wabaId}/message_templates?name=${name}&limit=100`,
    );
    return list.data.map(({ status }) => status);
  };
  const approved = async (name: string, submission: { language: string } = POSITIONAL): Promise<void> => {
    expect((await call('POST', '', { name, ...submission })).status).toBe(201);
    await front.untilTemplate(shop, name, { language: submission.language, status: 'approved' });
  };

  describe('are listed (S1.36, S1.82)', () => {
    it('with what WhatsApp says of them, once the account is connected', async () => {
      expect(await front.template(shop, 'order_update')).toMatchObject({
        language: 'en',
        category: 'utility',
        previousCategory: null,
        status: 'approved',
        rejectedReason: null,
        stale: false,
        parameters: { format: 'positional', header: { kind: 'text', names: ['1'] }, body: ['1', '2', '3'] },
      });
      expect(await front.template(shop, 'interactive_due_today')).toMatchObject({
        parameters: { format: 'named', body: ['name', 'amount', 'duedate', 'companyname'] },
      });
      expect(await front.template(shop, 'payment_link')).toMatchObject({
        parameters: { buttons: [{ index: 0, kind: 'url', required: true }] },
      });
    });

    it('in pages that miss nothing and repeat nothing', async () => {
      const all = (await front.templates(shop)).map(({ name, language }) => `${name}/${language}`);
      const walked: string[] = [];
      let cursor: string | null = '';
      while (cursor !== null) {
        const { body }: { body: { data: TemplateRow[]; nextCursor: string | null } } = await front.call(
          'GET',
          `${TEMPLATES}?limit=5${cursor === '' ? '' : `&cursor=${cursor}`}`,
          shop.apiKey,
        );
        expect(body.data.length).toBeLessThanOrEqual(5);
        walked.push(...body.data.map(({ name, language }) => `${name}/${language}`));
        cursor = body.nextCursor;
      }
      expect(walked).toEqual(all);
      expect(new Set(all).size).toBe(all.length);
    });

    it('by state, by a part of the name, by number; what is no state is 400', async () => {
      const names = async (query: string): Promise<string[]> =>
        (await front.templates(shop, query)).map(({ name }) => name);
      expect(await names('?name=interactive_')).toEqual([
        'interactive_before_due1',
        'interactive_due_today',
        'interactive_overdue',
      ]);
      expect(await names('?status=disabled')).toEqual([]);
      expect(await names('?phoneNumberId=1')).toEqual([]);
      expect((await call('GET', '?status=IN+REVIEW')).status).toBe(400);
      expect((await call('GET', '?cursor=nonsense')).status).toBe(400);
    });

    it('all of them, when Meta has more than a page', async () => {
      const other = await front.shop();
      const many = Array.from({ length: 110 }, (_, n) => `many_${String(n).padStart(3, '0')}`);
      for (const name of many)
        await front.atMeta('POST', `${other.wabaId}/message_templates`, {
          name,
          language: 'en',
          category: 'UTILITY',
          components: [{ type: 'BODY', text: 'It is ready for you.' }],
        });
      expect(await sync(other)).toMatchObject({ status: 200, body: { accounts: [{ templates: 122 }] } });
      const { body } = await front.call<{ data: object[]; nextCursor: string | null }>(
        'GET',
        `${TEMPLATES}?name=many_&limit=100`,
        other.admin,
      );
      expect(body.data).toHaveLength(100);
      expect(body.nextCursor).not.toBeNull();
      expect((await call('GET', '?limit=101')).status).toBe(400);
    });
  });

  describe('are submitted (S1.36, S1.82)', () => {
    it('by position or by name; what the reviewers say is kept', async () => {
      const sent = await call('POST', '', { name: 'pick_up', ...POSITIONAL });
      expect(sent).toMatchObject({ status: 201, body: { status: 'pending', category: 'utility' } });
      await approved('well_come', NAMED);
      expect(await front.template(shop, 'well_come')).toMatchObject({
        parameters: { format: 'named', body: ['first_name'] },
      });
      await front.untilTemplate(shop, 'pick_up', { status: 'approved' });
    });

    it('a refusal says why, and raises an alert', async () => {
      await call('POST', '', { name: 'reject_me', ...POSITIONAL });
      await front.untilTemplate(shop, 'reject_me', { status: 'rejected', rejectedReason: 'INVALID_FORMAT' });
      const { body } = await front.call<{ data: object[] }>('GET', '/v1/alerts?open=true&limit=100', shop.admin);
      expect(body.data).toContainEqual(
        expect.objectContaining({
          code: 'TEMPLATE_REJECTED',
          severity: 'warning',
          detail: expect.objectContaining({ name: 'reject_me', reason: 'INVALID_FORMAT' }) as unknown,
        }),
      );
    });

    it.each([
      ['a name with capitals', { name: 'Pick_Up' }],
      ['a variable without an example', { components: [{ type: 'BODY', text: 'Hello {{1}}, come soon.' }] }],
      ['a variable at the end', { components: [{ type: 'BODY', text: 'Hi {{1}}', example: { body_text: [['A']] } }] }],
      ['no body', { components: [{ type: 'FOOTER', text: 'Bye' }] }],
    ])('not with %s: 422, and Meta is not asked', async (_, wrong) => {
      const submission = { name: 'never_asked', ...POSITIONAL, ...wrong };
      const refused = await call('POST', '', submission);
      expect(refused).toMatchObject({ status: 422, body: { code: 'TEMPLATE_INVALID' } });
      expect((refused.body['errors'] as object[]).length).toBeGreaterThan(0);
      expect(await atMeta('never_asked')).toEqual([]);
    });

    it.each([
      ['category', { category: 'service' }],
      ['components', { components: 'Hello' }],
      ['name', { name: '' }],
      ['parameterFormat', { parameterFormat: 'other' }],
    ])('not without a sound %s: 400', async (_, wrong) => {
      expect((await call('POST', '', { name: 'never_asked', ...POSITIONAL, ...wrong })).status).toBe(400);
    });

    it("what Meta refuses is told with Meta's code, and nothing is half-written (C60)", async () => {
      await approved('only_once');
      const again = await call('POST', '', { name: 'only_once', ...POSITIONAL, category: 'marketing' });
      expect(again).toMatchObject({ status: 502, body: { code: 'PROVIDER_REFUSED', providerCode: 100 } });
      expect(await front.template(shop, 'only_once')).toMatchObject({ status: 'approved', category: 'utility' });
      await front.tell('POST', 'faults', [
        { kind: 'http-status', status: 503, times: 1, match: { path: 'message_templates' } },
      ]);
      const lost = await call('POST', '', { name: 'lost_one', ...POSITIONAL });
      expect(lost).toMatchObject({ status: 503, body: { code: 'PROVIDER_UNREACHABLE' } });
      expect(await front.template(shop, 'lost_one')).toBeUndefined();
    });

    it('one that Meta took before its answer was lost is found by the next sync', async () => {
      await front.tell('POST', 'faults', [
        { kind: 'http-status', status: 500, accepts: true, times: 1, match: { path: 'POST' } },
      ]);
      expect((await call('POST', '', { name: 'answer_lost', ...POSITIONAL })).status).toBe(503);
      await sync();
      await front.untilTemplate(shop, 'answer_lost', { status: 'approved' });
    });
  });

  describe('are deleted', () => {
    it('at Meta and here, in all languages; again it is 404', async () => {
      await approved('goes_away');
      await approved('goes_away', { ...POSITIONAL, language: 'hi' });
      expect((await call('DELETE', '/goes_away')).status).toBe(204);
      expect(await atMeta('goes_away')).toEqual([]);
      const left = await front.templates(shop, '?name=goes_away');
      expect(left.map(({ status }) => status)).toEqual(['deleted', 'deleted']);
      expect(await call('DELETE', '/goes_away')).toMatchObject({ status: 404, body: { code: 'TEMPLATE_NOT_FOUND' } });
      expect((await call('DELETE', '/goes_away?wabaId=1')).status).toBe(404);
    });

    it('one that is gone at Meta already is gone here, too', async () => {
      await approved('gone_there');
      await front.atMeta('DELETE', `${shop.wabaId}/message_templates?name=gone_there`);
      expect((await call('DELETE', '/gone_there')).status).toBe(204);
      expect(await front.template(shop, 'gone_there')).toMatchObject({ status: 'deleted' });
    });

    it('not while Meta does not answer: nothing is changed here', async () => {
      await approved('stays_here');
      await front.tell('POST', 'faults', [
        { kind: 'http-status', status: 500, times: 1, match: { path: 'message_templates' } },
      ]);
      expect((await call('DELETE', '/stays_here')).status).toBe(503);
      expect(await front.template(shop, 'stays_here')).toMatchObject({ status: 'approved' });
    });
  });

  describe('are synced (S1.36)', () => {
    it('by hand: what Meta lacks is deleted, and cannot be sent', async () => {
      await approved('lost_there');
      await front.atMeta('DELETE', `${shop.wabaId}/message_templates?name=lost_there`);
      // Lists are newer than what webhooks told only from the next second on.
      await until(async () => {
        await sync();
        return (await front.template(shop, 'lost_there'))?.status === 'deleted';
      }, PATIENTLY);
      const refused = await front.call('POST', '/v1/messages', shop.apiKey, {
        to: '+919876500001',
        whatsappTemplate: { name: 'lost_there', language: 'en', body: ['Asha', '7'] },
      });
      expect(refused).toMatchObject({ status: 422, body: { errors: [{ code: 'TEMPLATE_UNKNOWN' }] } });
    });

    it('Meta out of order: 503, what is known stays, the next sync is well', async () => {
      const before = await front.templates(shop);
      for (const fault of [
        { kind: 'http-status', status: 500 },
        { kind: 'truncated' },
        { kind: 'invalid-json' },
        { kind: 'reset-before-accept' },
      ]) {
        await front.tell('POST', 'faults', [{ ...fault, times: 1, match: { path: 'message_templates' } }]);
        expect({ fault, ...(await sync()) }).toMatchObject({ status: 503, body: { code: 'PROVIDER_UNREACHABLE' } });
      }
      expect(await front.templates(shop)).toEqual(before);
      expect((await sync()).status).toBe(200);
    });

    it('a dead token: 502 with its code, and the account says so until it is connected again', async () => {
      const other = await front.shop();
      await front.tell('POST', 'faults', [
        { kind: 'graph-error', code: 190, times: 1, match: { path: `${other.wabaId}/message_templates` } },
      ]);
      expect(await sync(other)).toMatchObject({ status: 502, body: { code: 'PROVIDER_REFUSED', providerCode: 190 } });
      const account = async (): Promise<unknown> =>
        (await front.call('GET', '/v1/whatsapp/account', other.admin)).body['status'];
      expect(await account()).toBe('credential_refused');
      await front.connect(other, other.wabaId, other.phoneNumberId);
      expect(await account()).toBe('connected');
      expect((await sync(other)).status).toBe(200);
    });

    it('an account that cannot be asked does not keep the others from it', async () => {
      const two = await front.shop();
      const second = `${two.wabaId}9`;
      await front.connect(two, second, `${two.phoneNumberId}9`);
      for (const wabaId of [two.wabaId, second])
        await front.atMeta('POST', `${wabaId}/message_templates`, {
          name: `only_of_${wabaId}`,
          language: 'en',
          category: 'UTILITY',
          components: [{ type: 'BODY', text: 'It is ready for you.' }],
        });
      await front.tell('POST', 'faults', [
        { kind: 'graph-error', code: 10, match: { path: `${two.wabaId}/message_templates` } },
      ]);
      expect(await sync(two)).toMatchObject({ status: 502, body: { providerCode: 10 } });
      expect(await front.template(two, `only_of_${second}`)).toBeDefined();
      await front.tell('DELETE', 'faults');
      const submission = { name: 'which_one', ...POSITIONAL };
      const ambiguous = await front.call('POST', TEMPLATES, two.admin, submission);
      expect(ambiguous).toMatchObject({ status: 409, body: { code: 'WHATSAPP_ACCOUNT_AMBIGUOUS' } });
      const named = await front.call('POST', TEMPLATES, two.admin, { ...submission, wabaId: second });
      expect(named.status).toBe(201);
    });

    it('two at once and a webhook between them: what was told later holds, whichever is kept last', async () => {
      await approved('raced_for');
      const provider = front.app.get(ProviderTemplates, { strict: false });
      const list = provider.list.bind(provider);
      // Both lists are read before the webhook comes, and kept after it.
      const read: (() => void)[] = [];
      let keep = (): void => undefined;
      const told = new Promise<void>((resolve) => (keep = resolve));
      provider.list = async (account) => {
        const found = await list(account);
        read.forEach((resolve) => resolve());
        await told;
        return found;
      };
      try {
        const bothRead = Promise.all([0, 1].map(() => new Promise<void>((resolve) => read.push(resolve))));
        const syncs = [sync(), sync()];
        await bothRead;
        await front.tell('PATCH', `templates/${shop.wabaId}/raced_for`, { status: 'PAUSED', quality: 'RED' });
        await front.untilTemplate(shop, 'raced_for', { status: 'paused', quality: 'red' });
        keep();
        expect((await Promise.all(syncs)).map(({ status }) => status)).toEqual([200, 200]);
      } finally {
        provider.list = list;
      }
      expect(await front.template(shop, 'raced_for')).toMatchObject({ status: 'paused', quality: 'red' });
      const rows = await front.sql(shop, `select 1 from wa_template where name = 'raced_for'`);
      expect(rows).toHaveLength(1);
    });

    it('a webhook that was late changes nothing that is known from later', async () => {
      await approved('told_late');
      const hourAgo = new Date(Date.now() - 3_600_000);
      const which = {
        message_template_id: 1,
        message_template_name: 'told_late',
        message_template_language: 'en',
      };
      await front.post(shop, 'message_template_status_update', { ...which, event: 'PAUSED', reason: 'NONE' }, hourAgo);
      await front.post(
        shop,
        'template_category_update',
        { ...which, previous_category: 'UTILITY', new_category: 'MARKETING' },
        hourAgo,
      );
      expect(await front.template(shop, 'told_late')).toMatchObject({ status: 'approved', category: 'utility' });
    });
  });

  describe('are previewed (S1.38)', () => {
    it('as the customer would see it, with what is missing', async () => {
      const full = await call('POST', '/order_update/preview', {
        parameters: { header: ['1042'], body: ['Asha', 'packed', 'Friday'] },
      });
      expect(full).toMatchObject({
        status: 200,
        body: {
          header: { kind: 'text', text: 'Order 1042' },
          body: 'Hello Asha, your order is packed and arrives on Friday, as agreed.',
          faults: [],
        },
      });
      const half = await call('POST', '/interactive_due_today/preview', { parameters: { body: { name: 'Asha' } } });
      expect(half.body['body']).toContain('Hello Asha, {{amount}} is due today');
      expect((half.body['faults'] as { code: string }[]).map(({ code }) => code)).toEqual([
        'PARAMETER_MISSING',
        'PARAMETER_MISSING',
        'PARAMETER_MISSING',
      ]);
      expect((await call('POST', '/nothing_such/preview', {})).status).toBe(404);
      expect((await call('POST', '/order_update/preview', { parameters: { body: 'Asha' } })).status).toBe(400);
      expect((await call('POST', '/order_update/preview', { parameters: { buttons: [{}] } })).status).toBe(400);
    });
  });

  describe('wrong parameters are refused before anything is queued (S1.37, C19)', () => {
    const order = { name: 'order_update', language: 'en', header: ['1042'], body: ['Asha', 'packed', 'Friday'] };
    const due = { name: 'Asha', amount: '₹5', duedate: '25 Feb', companyname: 'Shop' };
    const image = { name: 'new_arrivals_image', language: 'en', body: ['Asha'] };
    const WRONG: [string, object, string][] = [
      ['one too few', { ...order, body: ['Asha', 'packed'] }, 'PARAMETER_COUNT'],
      ['one too many', { ...order, body: ['Asha', 'packed', 'Friday', 'x'] }, 'PARAMETER_COUNT'],
      ['names where it has numbers', { ...order, body: { name: 'Asha' } }, 'PARAMETER_FORMAT'],
      ['no variable of the header', { ...order, header: undefined }, 'PARAMETER_MISSING'],
      ['a file where the header is a text', { ...order, header: { kind: 'image', id: '1' } }, 'PARAMETER_UNKNOWN'],
      [
        'numbers where it has names',
        { name: 'interactive_overdue', language: 'en', body: ['Asha', '₹5', '25 Feb', 'Shop'] },
        'PARAMETER_FORMAT',
      ],
      [
        'a name that it does not have',
        { name: 'interactive_overdue', language: 'en', body: { ...due, colour: 'red' } },
        'PARAMETER_UNKNOWN',
      ],
      ['a name left out', { name: 'interactive_overdue', language: 'en', body: { name: 'Asha' } }, 'PARAMETER_MISSING'],
      ['a language that it does not have', { ...order, language: 'hi' }, 'LANGUAGE_UNKNOWN'],
      ['no file', image, 'MEDIA_MISSING'],
      ['a file of another kind', { ...image, header: { kind: 'document', id: '1' } }, 'MEDIA_KIND'],
      ['no value of a button', { name: 'payment_link', language: 'en', body: ['Asha', '₹5'] }, 'BUTTON_MISSING'],
      [
        'a button that it does not have',
        { ...order, buttons: [{ index: 3, kind: 'url', value: 'a' }] },
        'BUTTON_UNKNOWN',
      ],
    ];

    it.each(WRONG)('%s', async (_, whatsappTemplate, code) => {
      const count = async (): Promise<unknown> =>
        front.sql(shop, 'select (select count(*)::int from message) as m, (select count(*)::int from thread) as t');
      const before = await count();
      const refused = await front.call('POST', '/v1/messages', shop.apiKey, { to: '+919876500002', whatsappTemplate });
      expect(refused).toMatchObject({ status: 422, body: { code: 'TEMPLATE_REFUSED' } });
      expect((refused.body['errors'] as { code: string }[]).map((error) => error.code)).toContain(code);
      expect(await count()).toEqual(before);
    });

    it.each([
      ['an empty one', ['Asha', ' ', 'Friday']],
      ['a line break', ['Asha', 'packed\nand sent', 'Friday']],
      ['more than any template takes', ['Asha', 'x'.repeat(1100), 'Friday']],
    ])('%s, whatever the template', async (_, body) => {
      const whatsappTemplate = { ...order, body };
      const refused = await front.call('POST', '/v1/messages', shop.apiKey, { to: '+919876500002', whatsappTemplate });
      expect(refused).toMatchObject({ status: 422, body: { code: 'CONTENT_REFUSED' } });
    });

    it('what is too long only with the text around it', async () => {
      const whatsappTemplate = { ...order, body: ['Asha', 'x'.repeat(1000), 'Friday'] };
      const refused = await front.call('POST', '/v1/messages', shop.apiKey, { to: '+919876500002', whatsappTemplate });
      expect(refused).toMatchObject({ status: 422, body: { errors: [{ code: 'TOO_LONG', where: 'body' }] } });
    });

    it('one that is paused, disabled or not approved yet is refused by that', async () => {
      await approved('not_now');
      const send = () =>
        front.call('POST', '/v1/messages', shop.apiKey, {
          to: '+919876500002',
          whatsappTemplate: { name: 'not_now', language: 'en', body: ['Asha', '7'] },
        });
      for (const [status, code] of [
        ['PAUSED', 'TEMPLATE_PAUSED'],
        ['DISABLED', 'TEMPLATE_DISABLED'],
        ['PENDING', 'TEMPLATE_NOT_APPROVED'],
      ] as const) {
        await front.tell('PATCH', `templates/${shop.wabaId}/not_now`, { status });
        await front.untilTemplate(shop, 'not_now', { status: status.toLowerCase() });
        expect(await send()).toMatchObject({ status: 422, body: { errors: [{ code }] } });
      }
    });

    it('right ones reach the handset, by position, by name, with a file and with buttons (S1.16)', async () => {
      const to = '+919876500003';
      const right = [
        order,
        { name: 'interactive_overdue', language: 'en', body: due },
        { ...image, header: { kind: 'image', link: 'https://shop.example/a.jpg' } },
        {
          name: 'payment_link',
          language: 'en',
          body: ['Asha', '₹5'],
          buttons: [{ index: 0, kind: 'url', value: 'a7' }],
        },
        {
          name: 'coupon_code',
          language: 'en',
          body: ['Asha'],
          buttons: [{ index: 0, kind: 'copy_code', value: 'SAVE10' }],
        },
      ];
      for (const whatsappTemplate of right)
        expect({
          whatsappTemplate,
          ...(await front.call('POST', '/v1/messages', shop.apiKey, { to, whatsappTemplate })),
        }).toMatchObject({ status: 202 });
      const shown = (): Promise<{ data: { text: string }[] }> => front.tell('GET', 'handsets/919876500003/messages');
      await until(async () => (await shown()).data.length === right.length, PATIENTLY);
      expect((await shown()).data.map(({ text }) => text)).toEqual([
        'Hello Asha, your order is packed and arrives on Friday, as agreed.',
        'Hello Asha, ₹5 was due on 25 Feb and is still open. Please settle it soon. Thank you, Shop.',
        'Hello Asha, have a look at what came in this week.',
        'Hello Asha, you can pay ₹5 through the link below.',
        'Hello Asha, take ten percent off your next order.',
      ]);
    });
  });

  describe('belong to one merchant, and to roles', () => {
    it('of another merchant there is nothing', async () => {
      await approved('ours_alone');
      const stranger = await front.shop();
      expect(await front.template(stranger, 'ours_alone')).toBeUndefined();
      expect(await front.templates(stranger, `?phoneNumberId=${shop.phoneNumberId}`)).toEqual([]);
      const as = (method: string, path: string, body?: unknown) => call(method, path, body, stranger.admin);
      expect((await as('DELETE', '/ours_alone')).status).toBe(404);
      expect((await as('DELETE', `/order_update?wabaId=${shop.wabaId}`)).status).toBe(404);
      expect((await as('POST', '/ours_alone/preview', {})).status).toBe(404);
      expect((await as('POST', '/ours_alone/acknowledge')).status).toBe(404);
      expect((await as('POST', '', { name: 'theirs', ...POSITIONAL, wabaId: shop.wabaId })).status).toBe(404);
      expect(await front.template(shop, 'ours_alone')).toMatchObject({ status: 'approved' });
    });

    it('sales reads and previews; to change them is for administrators and developers (S1.25-S1.28)', async () => {
      for (const [role, may] of [
        ['DEVELOPER', true],
        ['SALES_TEAM_LEAD', false],
        ['SALES', false],
        ['LEAD_GEN', false],
      ] as const) {
        const token = await front.colleague(shop, role);
        const status = async (method: string, path: string, body?: unknown): Promise<number> =>
          (await call(method, path, body, token)).status;
        expect(await status('GET', '')).toBe(200);
        expect(await status('POST', '/order_update/preview', {})).toBe(200);
        expect(await status('POST', '/sync')).toBe(may ? 200 : 403);
        expect(await status('POST', '', { name: `by_${role.toLowerCase()}`, ...POSITIONAL })).toBe(may ? 201 : 403);
        expect(await status('POST', '/order_update/acknowledge')).toBe(may ? 204 : 403);
        expect(await status('DELETE', '/nothing_such')).toBe(may ? 404 : 403);
      }
      expect((await call('GET', '', undefined, 'no-token')).status).toBe(401);
    });
  });
});
