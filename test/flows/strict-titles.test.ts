import { Inbox } from '../conversations/inbox.js';

interface Answer {
  readonly code: string;
  readonly strictTitles: boolean;
  readonly version: number;
  readonly errors: readonly { readonly code: string; readonly path: string; readonly message: string }[];
  readonly warnings: readonly { readonly code: string; readonly where: object }[];
  readonly findings: readonly { readonly severity: string; readonly code: string; readonly where: object }[];
  readonly data: readonly { readonly action: string; readonly details: object }[];
  readonly steps: readonly { readonly key: string }[];
}

const STEPS = '/v1/flow-templates';
const LONG = 'Speak with a person now';
const SHORT = 'A person, please now';
const menu = (title: string, more: object = {}) => ({
  kind: 'interactive_button',
  body: 'What do you want?',
  buttons: [{ id: 'btn_person', title }],
  ...more,
});
const document = (title: string, key = 'menu') => ({ format: 'nodue-flow/1', steps: [menu(title, { key })] });

describe('A merchant may take no button title that WhatsApp shows in a list (S2.24, C16)', () => {
  let inbox: Inbox;
  let apiKey: string;

  beforeAll(async () => {
    inbox = await Inbox.open();
  }, 120_000);
  afterAll(() => inbox.close());
  beforeEach(async () => {
    ({ apiKey } = await inbox.merchant());
  });

  type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  const call = (method: Method, path: string, payload?: object, token = apiKey) =>
    inbox.call<Answer>(method, path, token, payload);
  const choose = async (strictTitles: boolean): Promise<void> => {
    const { status, body } = await call('POST', '/v1/flows', { flows: [], strictTitles });
    expect({ status, body }).toMatchObject({ status: 200, body: { strictTitles } });
  };
  const lint = async () =>
    (await call('GET', '/v1/flows/lint')).body.findings.filter(({ code }) => code === 'TITLE_SHOWN_IN_A_LIST');

  it('and takes those up to 24 characters with a warning unless they say so: 20, 21, 24 (C16)', async () => {
    expect([LONG.length, SHORT.length]).toEqual([23, 20]);
    expect((await call('GET', '/v1/flows')).body.strictTitles).toBe(false);
    for (const [length, warned] of [
      [20, false],
      [21, true],
      [24, true],
    ] as const) {
      const { status, body } = await call('POST', STEPS, menu('x'.repeat(length)));
      const codes = body.warnings.map(({ code }) => code);
      expect([length, status, codes.includes('TITLE_SHOWN_IN_A_LIST')]).toEqual([length, 201, warned]);
    }
    expect((await call('POST', '/v1/flows/import?mode=merge', document(LONG))).status).toBe(200);
    expect((await lint()).map(({ severity }) => severity)).toEqual(['warning', 'warning', 'warning']);
  });

  it('and then a step with one is not created, changed, tried or imported, in any language: 422 (C16)', async () => {
    await choose(true);
    expect((await call('POST', STEPS, menu(SHORT, { key: 'menu' }))).status).toBe(201);
    const { version } = (await call('GET', '/v1/flows')).body;
    const translations = { hi: { titles: { btn_person: LONG } } };
    for (const [method, path, payload, field] of [
      ['POST', STEPS, menu('x'.repeat(21)), 'buttons[0].title'],
      ['POST', STEPS, menu(SHORT, { translations }), 'translations.hi.titles.btn_person'],
      ['PUT', `${STEPS}/menu`, menu(LONG), 'buttons[0].title'],
      ['PATCH', `${STEPS}/menu`, { buttons: menu(LONG).buttons }, 'buttons[0].title'],
      ['POST', '/v1/flows/import?mode=merge', document(LONG), 'buttons[0].title'],
      ['POST', '/v1/flows/import?mode=replace', document(LONG), 'buttons[0].title'],
      ['POST', '/v1/flows/import?mode=merge&dryRun=true', document(LONG), 'buttons[0].title'],
      ['POST', '/v1/flows/test', { messages: [{ text: 'hi' }], draft: document(LONG) }, 'buttons[0].title'],
    ] as const) {
      const { status, body } = await call(method, path, payload);
      expect({ method, path, status, code: body.code }).toEqual({ method, path, status: 422, code: 'FLOW_REFUSED' });
      expect(body.errors).toMatchObject([
        { code: 'TITLE_SHOWN_IN_A_LIST', path: field, message: expect.stringContaining('more than 20 characters') },
      ]);
    }
    expect((await call('GET', '/v1/flows')).body.version).toBe(version);
  });

  it('while rows of lists keep their 24 characters (C16)', async () => {
    await choose(true);
    const rows = menu('x'.repeat(24), { kind: 'interactive_list', listButton: 'Choose' });
    expect((await call('POST', STEPS, rows)).status).toBe(201);
  });

  it('and what was there before stays, is named by the lint, and is in the way of nothing else (C16)', async () => {
    await call('POST', STEPS, menu(LONG, { key: 'before' }));
    await choose(true);
    expect(await lint()).toMatchObject([
      { severity: 'error', where: { templateKey: 'before', field: 'buttons[0].title' } },
    ]);
    expect((await call('POST', STEPS, menu(SHORT, { key: 'after' }))).status).toBe(201);
    expect((await call('PATCH', `${STEPS}/before`, { body: 'And now?' })).status).toBe(422);
    expect((await call('GET', `${STEPS}/before`)).body).toMatchObject({ ...menu(LONG), version: 1 });
    const action = { type: 'send_template', templateKey: 'before' };
    const flows = [{ match: { type: 'equals', values: ['menu'] }, action }];
    expect((await call('POST', '/v1/flows', { flows })).body.strictTitles).toBe(true);
    const played = await inbox.call<{ transcript: object[] }>('POST', '/v1/flows/test', apiKey, {
      messages: [{ text: 'menu' }],
    });
    expect(played.body.transcript.at(-1)).toMatchObject({ stepKey: 'before', buttons: [{ title: LONG }] });
    expect((await call('PATCH', `${STEPS}/before`, { buttons: menu(SHORT).buttons })).status).toBe(200);
    expect(await lint()).toEqual([]);
  });

  it('which is the choice of each merchant, and travels with no flow (S2.21)', async () => {
    const { apiKey: other } = await inbox.merchant();
    await choose(true);
    expect((await call('GET', '/v1/flows', undefined, other)).body.strictTitles).toBe(false);
    expect((await call('POST', STEPS, menu(LONG), other)).status).toBe(201);
    await call('POST', STEPS, menu(SHORT, { key: 'menu' }));
    const { body: exported } = await call('GET', '/v1/flows/export');
    expect(exported).not.toHaveProperty('strictTitles');
    for (const [token, chosen] of [
      [apiKey, true],
      [other, false],
    ] as const) {
      expect((await call('POST', '/v1/flows/import?mode=replace', exported, token)).status).toBe(200);
      expect((await call('GET', '/v1/flows', undefined, token)).body.strictTitles).toBe(chosen);
    }
  });

  it('and takes back: `PUT` without it takes longer titles again, and the audit log says who chose (C32)', async () => {
    await choose(true);
    expect((await call('PUT', '/v1/flows', { rules: [], strictTitles: true })).body.strictTitles).toBe(true);
    expect((await call('PUT', '/v1/flows', { rules: [] })).body.strictTitles).toBe(false);
    expect((await call('POST', STEPS, menu(LONG))).status).toBe(201);
    const { data } = (await call('GET', '/v1/audit-log')).body;
    expect(data.filter(({ action }) => action === 'flow.changed').at(-1)).toMatchObject({
      details: { settings: expect.arrayContaining(['strictTitles']) },
    });
    for (const wrong of ['yes', 1, null])
      expect([wrong, (await call('POST', '/v1/flows', { flows: [], strictTitles: wrong })).status]).toEqual([
        wrong,
        400,
      ]);
  });
});
