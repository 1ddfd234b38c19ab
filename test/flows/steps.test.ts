import fc from 'fast-check';
import type { TenantId } from '../../src/kernel/ids.js';
import { WriteFlow } from '../../src/modules/flows/application/steps/write-flow.js';
import { Commands } from '../../src/platform/cqrs/commands.js';
import { Inbox, tap } from '../conversations/inbox.js';

interface Answer {
  readonly code: string;
  readonly key: string;
  readonly version: number;
  readonly buttons: readonly { readonly id: string; readonly title: string; readonly nextTemplateKey?: string }[];
  readonly warnings: readonly { readonly code: string; readonly where: object }[];
  readonly errors: readonly { readonly code: string; readonly where: object }[];
  readonly data: readonly Answer[];
  readonly nextCursor: string | null;
  readonly [member: string]: unknown;
}

const STEPS = '/v1/flow-templates';
const text = (more: object = {}): object => ({ kind: 'text', body: 'Hello', ...more });
const menu = (...titles: string[]): object => ({
  kind: 'interactive_button',
  body: 'What do you want?',
  buttons: titles.map((title) => ({ title })),
});

describe('The steps of a flow', () => {
  let inbox: Inbox;
  let tenant: TenantId;
  let apiKey: string;
  let email: string;

  beforeAll(async () => {
    inbox = await Inbox.open();
  }, 120_000);
  afterAll(() => inbox.close());
  beforeEach(async () => {
    ({ tenantId: tenant, apiKey, email } = await inbox.merchant());
    inbox.clock.advance(60_000);
  });

  type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  const call = (method: Method, path: string, payload?: object, token = apiKey, headers = {}) =>
    inbox.call<Answer>(method, path, token, payload, headers);
  const add = async (step: object): Promise<Answer> => {
    const { status, body } = await call('POST', STEPS, step);
    expect({ status, body }).toMatchObject({ status: 201 });
    return body;
  };
  const refused = async (method: Method, path: string, payload: object): Promise<readonly string[]> => {
    const { status, body } = await call(method, path, payload);
    expect({ status, body }).toMatchObject({ status: 422, body: { code: 'FLOW_REFUSED' } });
    return body.errors.map(({ code }) => code);
  };

  it('have keys and button ids that are made here, stay, and are unlike (S2.13, S2.14, S2.16, S2.22, S2.26, S2.43)', async () => {
    const step = await add({ ...menu('Good', 'OK', 'Bad'), description: 'After a delivery' });
    expect(step).toMatchObject({
      key: expect.stringMatching(/^tmpl_[a-z0-9]{8}$/),
      kind: 'interactive_button',
      description: 'After a delivery',
      isActive: true,
      language: 'en',
      version: 1,
    });
    const ids = step.buttons.map(({ id }) => id);
    for (const id of ids) expect(id).toMatch(/^btn_[a-z0-9]{8}$/);
    expect(new Set(ids).size).toBe(3);
    const { warnings: _, ...shown } = step;
    expect((await call('GET', `${STEPS}/${step.key}`)).body).toEqual(shown);
    const changed = await call('PATCH', `${STEPS}/${step.key}`, { body: 'And now?' });
    expect(changed.body).toMatchObject({ key: step.key, body: 'And now?', version: 2, buttons: step.buttons });
    expect((await call('PATCH', `${STEPS}/${step.key}`, { key: 'other' })).status).toBe(400);
  });

  it('are a text without buttons unless told otherwise, and show all that they have (S2.15, S2.34, S2.35)', async () => {
    const { status, body } = await call('POST', STEPS, { body: 'Hello', description: 'The first' });
    expect(status).toBe(201);
    expect(body).toMatchObject({
      key: expect.stringMatching(/^tmpl_[a-z0-9]{8}$/),
      kind: 'text',
      body: 'Hello',
      buttons: [],
      isActive: true,
      description: 'The first',
      version: 1,
    });
  });

  it('keep the ids of their buttons through edits: by id, or by title (S2.22)', async () => {
    const step = await add(menu('Good', 'OK', 'Bad'));
    const [good, ok, bad] = step.buttons;
    const { body } = await call('PUT', `${STEPS}/${step.key}`, {
      ...menu(),
      buttons: [{ title: 'OK' }, { id: bad!.id, title: 'Very bad' }, { title: 'New' }],
    });
    expect(body.buttons).toMatchObject([{ id: ok!.id }, { id: bad!.id, title: 'Very bad' }, { title: 'New' }]);
    expect([good!.id, ok!.id, bad!.id]).not.toContain(body.buttons[2]!.id);
    expect(body.version).toBe(2);
  });

  it('may have keys of the merchant, once each (S2.26, S2.36)', async () => {
    expect((await add(text({ key: 'main_menu' }))).key).toBe('main_menu');
    expect(await call('POST', STEPS, text({ key: 'main_menu' }))).toMatchObject({
      status: 409,
      body: { code: 'FLOW_TEMPLATE_KEY_TAKEN' },
    });
    expect(await refused('POST', STEPS, text({ key: 'no/slash' }))).toEqual(['KEY_REFUSED']);
  });

  it('of unknown kinds, or without what their kind says, answer 400 (S2.15, S2.25)', async () => {
    for (const wrong of [
      { ...text(), kind: 'carousel' },
      { kind: 'text' },
      { ...text(), kind: null },
      { ...menu(), buttons: [{ nextTemplateKey: 'x' }] },
      { ...text(), surprise: true },
      { ...text(), translations: { hi: { said: 'x' } } },
      { ...text(), translations: { 'no language': {} } },
      { ...text(), collects: { as: 'x' } },
      { ...text(), isActive: null },
    ])
      expect({ wrong, status: (await call('POST', STEPS, wrong)).status }).toEqual({ wrong, status: 400 });
  });

  it('with four buttons answer 422, as do rows above ten and buttons where none are shown (S2.24, S2.25, S2.72)', async () => {
    expect(await refused('POST', STEPS, menu('1', '2', '3', '4'))).toEqual(['TOO_MANY_BUTTONS']);
    expect(await refused('POST', STEPS, menu())).toEqual(['BUTTONS_MISSING']);
    const rows = Array.from({ length: 11 }, (_, index) => `Row ${index}`);
    expect(await refused('POST', STEPS, { ...menu(...rows), kind: 'interactive_list' })).toEqual(['TOO_MANY_BUTTONS']);
    expect(await refused('POST', STEPS, { ...menu('1'), kind: 'text' })).toEqual(['NOT_OF_THIS_KIND']);
    expect((await call('GET', STEPS)).body.data).toEqual([]);
  });

  it('have titles up to 24 characters, and are warned of those above 20 (S2.24)', async () => {
    expect(await refused('POST', STEPS, menu('x'.repeat(25)))).toEqual(['TITLE_TOO_LONG']);
    const step = await add(menu('x'.repeat(24), 'y'.repeat(20)));
    expect(step.warnings).toContainEqual(
      expect.objectContaining({
        code: 'TITLE_SHOWN_IN_A_LIST',
        where: { templateKey: step.key, field: 'buttons[0].title' },
      }),
    );
    expect(step.warnings.filter(({ code }) => code === 'TITLE_SHOWN_IN_A_LIST')).toHaveLength(1);
  });

  it('lead to steps of the same merchant only (S2.21, S2.23)', async () => {
    const other = await inbox.merchant();
    const { body: foreign } = await call('POST', STEPS, text(), other.apiKey);
    const leading = { ...menu(), buttons: [{ title: 'Go', nextTemplateKey: foreign.key }] };
    expect(await refused('POST', STEPS, leading)).toEqual(['UNKNOWN_TEMPLATE_KEY']);
    const collecting = text({ collects: { as: 'name', nextTemplateKey: 'nowhere', invalidTemplateKey: 'nor here' } });
    expect(await refused('POST', STEPS, collecting)).toEqual(['UNKNOWN_TEMPLATE_KEY', 'UNKNOWN_TEMPLATE_KEY']);
    const own = await add(text());
    const step = await add({ ...menu(), buttons: [{ title: 'Go', nextTemplateKey: own.key, nextState: 'gone' }] });
    expect(step.buttons).toMatchObject([{ nextTemplateKey: own.key, nextState: 'gone' }]);
  });

  it('may lead to each other: one is led on later, or both are written at once', async () => {
    const back = await add(menu('Back'));
    const there = await add({ ...menu(), buttons: [{ title: 'There', nextTemplateKey: back.key }] });
    const buttons = [{ title: 'Back', nextTemplateKey: there.key }];
    expect((await call('PATCH', `${STEPS}/${back.key}`, { buttons })).body.buttons).toMatchObject([
      { id: back.buttons[0]!.id, nextTemplateKey: there.key },
    ]);
    const branches = (nextTemplateKey: string) => [{ title: 'Go', nextTemplateKey }];
    const create = [
      { key: 'a', kind: 'interactive_button', body: 'A', branches: branches('b') },
      { key: 'b', kind: 'interactive_button', body: 'B', branches: branches('a') },
    ] as const;
    const { written } = await inbox.in(tenant, () => inbox.get(Commands).execute(new WriteFlow({ create })));
    expect(written.map(({ step }) => step.key)).toEqual(['a', 'b']);
  });

  it('are written whole or not at all', async () => {
    const create = [
      { key: 'good', kind: 'text', body: 'Good' },
      { key: 'bad', kind: 'text', body: ' ' },
    ] as const;
    const write = inbox.in(tenant, () => inbox.get(Commands).execute(new WriteFlow({ create })));
    await expect(write).rejects.toMatchObject({ code: 'FLOW_REFUSED' });
    expect((await call('GET', `${STEPS}/good`)).status).toBe(404);
    expect(await inbox.sql(tenant, 'select version from flow_version')).toEqual([]);
  });

  it('refuse patterns that are no RE2 or cost too much (F57)', async () => {
    const asking = (pattern: string) => text({ key: 'ask', collects: { as: 'x', pattern, nextTemplateKey: 'ask' } });
    for (const pattern of ['(a)\\1', '(?=a)b', '(', 'a'.repeat(600)])
      expect(await call('POST', STEPS, asking(pattern))).toMatchObject({
        status: 422,
        body: { code: 'REGEX_REFUSED', pattern: pattern.slice(0, 100), why: expect.any(String) },
      });
    await add(asking('[0-9]{8}'));
  });

  it('lose a member that is null in a change, and all that a new saying leaves out', async () => {
    const step = await add(text({ key: 'ask', collects: { as: 'x', nextTemplateKey: 'ask' }, description: 'Old' }));
    expect(step).toMatchObject({ collects: { as: 'x' } });
    const { body } = await call('PATCH', `${STEPS}/ask`, { collects: null });
    expect(body).not.toHaveProperty('collects');
    expect(body).toHaveProperty('description', 'Old');
    expect((await call('PUT', `${STEPS}/ask`, text())).body).not.toHaveProperty('description');
    expect((await call('PATCH', `${STEPS}/ask`, { body: null })).status).toBe(400);
    expect((await call('PUT', `${STEPS}/nowhere`, text())).status).toBe(404);
  });

  it('are listed by kind, by whether they are switched off, and by what they say (S2.44)', async () => {
    await add(text({ key: 'a', body: 'Your balance is 100%' }));
    await add(text({ key: 'b', isActive: false }));
    await add({ ...menu('Yes'), key: 'c', description: 'Asks after the BALANCE' });
    const list = async (query: string) => (await call('GET', `${STEPS}?${query}`)).body.data.map(({ key }) => key);
    expect(await list('')).toEqual(['a', 'b', 'c']);
    expect(await list('kind=text')).toEqual(['a', 'b']);
    expect(await list('active=false')).toEqual(['b']);
    expect(await list('q=balance')).toEqual(['a', 'c']);
    expect(await list('q=100%25')).toEqual(['a']);
    const first = (await call('GET', `${STEPS}?limit=2`)).body;
    expect(first.data.map(({ key }) => key)).toEqual(['a', 'b']);
    expect(await list(`limit=2&cursor=${first.nextCursor}`)).toEqual(['c']);
    expect((await call('GET', `${STEPS}?kind=carousel`)).status).toBe(400);
  });

  it('that something leads to go only when that is cut', async () => {
    await add(text({ key: 'end' }));
    await add({ ...menu(), key: 'start', buttons: [{ title: 'End', nextTemplateKey: 'end' }] });
    await add(text({ key: 'ask', collects: { as: 'x', nextTemplateKey: 'start', invalidTemplateKey: 'end' } }));
    const action = { type: 'send_template', templateKey: 'end' };
    await call('PUT', '/v1/flows', {
      rules: [{ id: 'r', match: { type: 'equals', values: ['end'] }, action }],
      fallbackTemplateKey: 'end',
    });
    const answer = await call('DELETE', `${STEPS}/end`);
    expect(answer).toMatchObject({ status: 409, body: { code: 'STEP_IN_USE' } });
    expect(answer.body['usedBy']).toEqual([
      { templateKey: 'ask', field: 'collects.invalidTemplateKey' },
      { templateKey: 'start', field: 'buttons[0].nextTemplateKey' },
      { ruleId: 'r', field: 'action.templateKey' },
      { field: 'fallbackTemplateKey' },
    ]);
    expect(await call('DELETE', `${STEPS}/end?force=true`)).toMatchObject({
      status: 200,
      body: { cut: answer.body['usedBy'], warnings: [] },
    });
    expect((await call('GET', `${STEPS}/end`)).status).toBe(404);
    expect((await call('GET', `${STEPS}/start`)).body).toMatchObject({ version: 2, buttons: [{ title: 'End' }] });
    expect((await call('GET', `${STEPS}/ask`)).body['collects']).toEqual({ as: 'x', nextTemplateKey: 'start' });
    expect((await call('GET', '/v1/flows')).body).toMatchObject({ rules: [], fallbackTemplateKey: null });
    expect((await call('DELETE', `${STEPS}/end`)).status).toBe(404);
    const { body } = await call('GET', '/v1/audit-log');
    expect(body.data.find(({ action }) => action === 'flow.changed')).toMatchObject({
      details: { written: ['ask', 'start'], removed: ['end'], cut: answer.body['usedBy'] },
    });
  });

  it('that need the answer of a question that is cut are named', async () => {
    await add(text({ key: 'thanks' }));
    await add(text({ key: 'ask', collects: { as: 'size', nextTemplateKey: 'thanks' } }));
    await add(text({ key: 'order', body: 'Size {{answers.size}}' }));
    expect((await call('DELETE', `${STEPS}/thanks?force=true`)).body).toMatchObject({
      cut: [{ templateKey: 'ask', field: 'collects.nextTemplateKey' }],
      warnings: [{ code: 'ANSWER_NEVER_ASKED', where: { templateKey: 'order' } }],
    });
  });

  it('that others lead to are switched off with a word on each, and changed without one on what was wrong before', async () => {
    await add(text({ key: 'end' }));
    for (const key of ['a', 'b']) await add({ ...menu(), key, buttons: [{ title: 'End', nextTemplateKey: 'end' }] });
    const { body } = await call('PATCH', `${STEPS}/end`, { isActive: false });
    const off = (templateKey: string) => ({
      code: 'INACTIVE_TEMPLATE_KEY',
      where: { templateKey, field: 'buttons[0].nextTemplateKey' },
    });
    expect(body.warnings.filter(({ code }) => code === 'INACTIVE_TEMPLATE_KEY')).toMatchObject([off('a'), off('b')]);
    const { warnings } = await add(text({ key: 'c' }));
    expect(warnings).toMatchObject([{ code: 'UNREACHABLE', where: { templateKey: 'c' } }]);
    await add(text({ key: 'ask', collects: { as: 'size', nextTemplateKey: 'end' } }));
    await add(text({ key: 'order', body: 'Size {{answers.size}}' }));
    const { body: asked } = await call('PATCH', `${STEPS}/ask`, { collects: null });
    expect(asked.warnings).toContainEqual(
      expect.objectContaining({ code: 'ANSWER_NEVER_ASKED', where: { templateKey: 'order' } }),
    );
  });

  it('of one editor are not undone by another who has not seen them', async () => {
    await add(text({ key: 'a' }));
    await add(text({ key: 'b' }));
    const seen = { 'if-match': '"1"' };
    const as = (method: Method, payload?: object) => call(method, `${STEPS}/a`, payload, apiKey, seen);
    expect(await as('PATCH', { body: 'Mine' })).toMatchObject({ status: 200, body: { version: 2 } });
    for (const [method, payload] of [['PUT', text()], ['PATCH', { body: 'Yours' }], ['DELETE']] as const)
      expect(await as(method, payload)).toMatchObject({ status: 409, body: { code: 'FLOW_CHANGED', version: 2 } });
    expect((await call('GET', `${STEPS}/a`)).body).toMatchObject({ body: 'Mine', version: 2 });
    expect((await call('PATCH', `${STEPS}/b`, { body: 'B' }, apiKey, seen)).status).toBe(200);
    expect((await call('DELETE', `${STEPS}/a`, undefined, apiKey, { 'if-match': '"2"' })).status).toBe(200);
    expect((await as('PUT', text())).status).toBe(404);
  });

  it('make a version each time, which is what customers are led by (S2.100, D16)', async () => {
    await add(text({ key: 'hours', body: 'We are open until 6.' }));
    const action = { type: 'send_template', templateKey: 'hours' };
    await call('PUT', '/v1/flows', { rules: [{ match: { type: 'contains', values: ['open'] }, action }] });
    const customer = { waId: '919876543210', profileName: 'Asha' };
    await inbox.arrive(tenant, inbox.message(customer, 'Are you open?'));
    await call('PATCH', `${STEPS}/hours`, { body: 'We are open until 7.' });
    await inbox.arrive(tenant, inbox.message(customer, 'Are you open?'));
    await call('PATCH', `${STEPS}/hours`, { isActive: false });
    await inbox.arrive(tenant, inbox.message(customer, 'Are you open?'));
    expect((await inbox.texts(tenant)).filter((said) => said.startsWith('We are open'))).toEqual([
      'We are open until 6.',
      'We are open until 7.',
    ]);
    expect((await call('GET', '/v1/flows')).body.version).toBe(4);
  });

  it('are what a tap on their buttons leads to (S2.9, S2.13)', async () => {
    await add(text({ key: 'thanks', body: 'Thank you!' }));
    const { buttons } = await add({ ...menu(), buttons: [{ title: 'Good', nextTemplateKey: 'thanks' }] });
    await inbox.arrive(tenant, inbox.message({ waId: '919876543210', profileName: 'Asha' }, tap(buttons[0]!.id).body));
    expect(await inbox.texts(tenant)).toEqual(['Thank you!']);
  });

  it('keep the versions that conversations stand in, and the last twenty', async () => {
    await add(text({ key: 'hours' }));
    const thread = '0190a000-0000-7000-8000-000000000001';
    await inbox.sql(
      tenant,
      `insert into flow_position (tenant_id, thread_id, flow_version, updated_at) values ($1::uuid, $2::uuid, 2, now())`,
      [tenant, thread],
    );
    for (let change = 2; change <= 24; change++) await call('PATCH', `${STEPS}/hours`, { body: `Change ${change}` });
    const kept = await inbox.sql<{ version: number }>(tenant, 'select version from flow_version order by version');
    expect(kept.map(({ version }) => version)).toEqual([2, ...Array.from({ length: 21 }, (_, index) => index + 4)]);
  });

  it('are changed one after the other, however many change them at once', async () => {
    await Promise.all(Array.from({ length: 8 }, (_, index) => add(text({ key: `step${index}` }))));
    const { body } = await call('GET', '/v1/flows');
    expect(body.version).toBe(8);
    const [graph] = await inbox.sql<{ n: number }>(
      tenant,
      `select jsonb_array_length(graph->'steps') as n from flow_version where version = 8`,
    );
    expect(graph!.n).toBe(8);
  });

  it('are in the audit log when they change, without what they say (C32)', async () => {
    await add(text({ key: 'hours', body: 'We are open until 6.' }));
    await call('DELETE', `${STEPS}/hours`);
    const { body } = await call('GET', '/v1/audit-log');
    const acts = body.data.filter(({ action }) => action === 'flow.changed');
    expect(acts).toMatchObject([
      { subjectId: '2', details: { written: [], removed: ['hours'] } },
      { subjectId: '1', details: { written: ['hours'], removed: [] } },
    ]);
    expect(JSON.stringify(acts)).not.toContain('We are open');
  });

  it("are nobody else's: another merchant's keys answer 404 on every route (S2.21)", async () => {
    const { key } = await add(text());
    const { apiKey: stranger } = await inbox.merchant();
    for (const [method, payload] of [['GET'], ['PUT', text()], ['PATCH', { body: 'Mine' }], ['DELETE']] as const) {
      const { status, body } = await call(method, `${STEPS}/${key}`, payload, stranger);
      expect({ method, status, code: body.code }).toEqual({ method, status: 404, code: 'FLOW_TEMPLATE_NOT_FOUND' });
    }
    expect((await call('GET', STEPS, undefined, stranger)).body.data).toEqual([]);
    expect((await call('GET', `${STEPS}/${key}`)).body).toMatchObject({ key, body: 'Hello' });
  });

  it('are written by admins and by keys with flows:write; the front office reads them (S2.27, S2.82)', async () => {
    const logIn = async (who: string, password: string): Promise<string> =>
      String((await call('POST', '/v1/auth/login', { email: who, password })).body['accessToken']);
    const admin = await logIn(email, 'a-long-test-password');
    const tokens: Record<string, string> = { ADMIN: admin };
    for (const role of ['SALES_TEAM_LEAD', 'SALES', 'LEAD_GEN']) {
      const who = { email: `${role.toLowerCase()}-${tenant}@merchant.example`, password: 'a-colleagues-password' };
      await call('POST', '/v1/users', { ...who, name: role, role, areas: [] }, admin);
      tokens[role] = await logIn(who.email, who.password);
    }
    for (const scope of ['flows:read', 'flows:write', 'messages:write'])
      tokens[scope] = String((await call('POST', '/v1/api-keys', { name: scope, scopes: [scope] }, admin)).body['key']);
    const statuses: Record<string, number[]> = {};
    for (const [who, token] of Object.entries(tokens))
      statuses[who] = [
        (await call('GET', STEPS, undefined, token)).status,
        (await call('GET', '/v1/flows/lint', undefined, token)).status,
        (await call('POST', STEPS, text(), token)).status,
        (await call('PUT', '/v1/flows', { rules: [] }, token)).status,
      ];
    expect(statuses).toEqual({
      ADMIN: [200, 200, 201, 200],
      SALES_TEAM_LEAD: [200, 200, 403, 403],
      SALES: [200, 200, 403, 403],
      LEAD_GEN: [200, 200, 403, 403],
      'flows:read': [200, 200, 403, 403],
      'flows:write': [403, 403, 201, 200],
      'messages:write': [403, 403, 403, 403],
    });
    expect((await inbox.asText('POST', STEPS, 'nobody', text())).status).toBe(401);
  });

  it('never answer 500, whatever is written', async () => {
    const word = fc.string({ unit: 'binary', maxLength: 30 });
    const odd = fc.oneof(word, fc.integer(), fc.constant(null), fc.boolean(), fc.array(word, { maxLength: 2 }));
    const step = fc.record(
      {
        kind: fc.constantFrom('text', 'interactive_button', 'interactive_list', 'media', 'whatsapp_template'),
        key: odd,
        body: fc.oneof(word, odd),
        header: odd,
        description: odd,
        buttons: fc.oneof(
          odd,
          fc.array(fc.record({ title: word, id: word }, { requiredKeys: ['title'] }), { maxLength: 4 }),
        ),
        collects: fc.oneof(odd, fc.record({ as: word, pattern: word, nextTemplateKey: word })),
        media: fc.oneof(odd, fc.record({ kind: fc.constantFrom('image', 'audio'), link: word })),
        whatsappTemplate: fc.oneof(odd, fc.record({ name: word, language: word, variables: fc.dictionary(word, odd) })),
        translations: fc.oneof(odd, fc.dictionary(fc.constantFrom('hi', 'el', '!'), fc.record({ body: odd }))),
      },
      { requiredKeys: ['kind'] },
    );
    await fc.assert(
      fc.asyncProperty(step, async (given) => {
        expect([201, 400, 409, 422]).toContain((await call('POST', STEPS, given)).status);
      }),
      { numRuns: 60 },
    );
  });
});
