import fc from 'fast-check';
import { Inbox } from '../conversations/inbox.js';

interface Step {
  key: string;
  kind: string;
  body: string;
  buttons: { id: string; title: string; nextTemplateKey?: string }[];
  version: number;
  description?: string;
}
interface Document {
  format: string;
  steps: Partial<Step>[];
  rules?: { id?: string; match: object; action: { type: string; templateKey: string } }[];
  fallbackTemplateKey?: string | null;
  restartWords?: string[];
}
interface Result {
  version: number;
  steps: string[];
  removed: string[];
  renamed: Record<string, string>;
  code: string;
  errors: { code: string; where: { templateKey?: string } }[];
  findings: { code: string; where: object }[];
}

const ROUND: Document = {
  format: 'nodue-flow/1',
  steps: [
    {
      key: 'a',
      kind: 'interactive_button',
      body: 'To b?',
      description: 'Begins',
      buttons: [{ id: 'btn_to_b', title: 'Yes', nextTemplateKey: 'b' }],
    },
    {
      key: 'b',
      kind: 'interactive_button',
      body: 'Back to a?',
      buttons: [{ id: 'btn_to_a', title: 'Yes', nextTemplateKey: 'a' }],
    },
  ],
  rules: [{ id: 'r', match: { type: 'equals', values: ['go'] }, action: { type: 'send_template', templateKey: 'a' } }],
  fallbackTemplateKey: 'b',
  restartWords: ['anew'],
};

describe('A whole flow travels as one document (S2.10, S2.65)', () => {
  let inbox: Inbox;
  let key: string;

  beforeAll(async () => {
    inbox = await Inbox.open();
  }, 120_000);
  afterAll(() => inbox.close());
  beforeEach(async () => {
    ({ apiKey: key } = await inbox.merchant());
  });

  const take = (document: object, query = '', by = key, headers = {}) =>
    inbox.call<Result>('POST', `/v1/flows/import${query}`, by, document, headers);
  const exported = async (by = key) => (await inbox.call<Document>('GET', '/v1/flows/export', by)).body;

  it('with steps that lead to each other, and out again as it came in', async () => {
    expect((await exported()).steps).toEqual([]);
    const { status, body } = await take(ROUND);
    expect({ status, body }).toMatchObject({ status: 200, body: { version: 1, steps: ['a', 'b'], renamed: {} } });
    expect(await exported()).toMatchObject(ROUND);
  });

  it('from one merchant to another: what went out of one comes out of the other, whatever its shape', async () => {
    const text = fc.stringMatching(/^[a-zA-Z][a-zA-Z0-9 ]{0,18}[a-zA-Z]$/);
    const shapes = fc.integer({ min: 1, max: 6 }).chain((count) =>
      fc.record({
        steps: fc.tuple(
          ...Array.from({ length: count }, (_, at) =>
            fc.record({ body: text, next: fc.nat(count - 1), title: text }).map((step) => ({
              key: `s${at}`,
              kind: 'interactive_button',
              body: step.body,
              buttons: [{ id: `btn_${at}`, title: step.title, nextTemplateKey: `s${step.next}` }],
            })),
          ),
        ),
        words: fc.uniqueArray(text, { minLength: 1, maxLength: 3, selector: (word) => word.toLowerCase() }),
      }),
    );
    await fc.assert(
      fc.asyncProperty(shapes, async ({ steps, words }) => {
        const document: Document = {
          format: 'nodue-flow/1',
          steps,
          rules: [
            { id: 'r', match: { type: 'equals', values: words }, action: { type: 'send_template', templateKey: 's0' } },
          ],
          fallbackTemplateKey: 's0',
          restartWords: [],
        };
        const [{ apiKey: one }, { apiKey: other }] = [await inbox.merchant(), await inbox.merchant()];
        expect((await take(document, '', one)).status).toBe(200);
        const out = await exported(one);
        expect(out).toMatchObject(document);
        expect((await take(out, '?mode=replace', other)).status).toBe(200);
        expect(await exported(other)).toEqual(out);
      }),
      { numRuns: 12 },
    );
  });

  it('beside what is there: taken keys, buttons and rules have other names, and the fallback stays', async () => {
    await take(ROUND);
    const { body } = await take({ ...ROUND, restartWords: ['again'] }, '?mode=merge');
    expect(body).toMatchObject({ version: 2, renamed: { a: 'a_2', b: 'b_2' } });
    const out = await exported();
    expect(out.steps.map(({ key: name, buttons }) => [name, buttons![0]])).toMatchObject([
      ['a', { id: 'btn_to_b', nextTemplateKey: 'b' }],
      ['a_2', { id: 'btn_to_b_2', nextTemplateKey: 'b_2' }],
      ['b', { id: 'btn_to_a', nextTemplateKey: 'a' }],
      ['b_2', { id: 'btn_to_a_2', nextTemplateKey: 'a_2' }],
    ]);
    expect(out.rules!.map(({ id, action }) => [id, action.templateKey])).toEqual([
      ['r', 'a'],
      ['r_2', 'a_2'],
    ]);
    expect(out).toMatchObject({ fallbackTemplateKey: 'b', restartWords: ['anew', 'again'] });
  });

  it('instead of what is there', async () => {
    await take(ROUND);
    const other = { format: 'nodue-flow/1', steps: [{ key: 'c', kind: 'text', body: 'Only me' }] };
    expect((await take(other, '?mode=replace')).body).toMatchObject({ steps: ['c'], removed: ['a', 'b'] });
    expect(await exported()).toMatchObject({ steps: [{ key: 'c' }], rules: [], fallbackTemplateKey: null });
  });

  it('on trial only: the answer is the same, and nothing changes', async () => {
    await take(ROUND);
    const before = await exported();
    const { status, body } = await take(ROUND, '?dryRun=true');
    expect({ status, body }).toMatchObject({ status: 200, body: { version: 2, renamed: { a: 'a_2' } } });
    expect(await exported()).toEqual(before);
  });

  it('or not at all: one step that leads nowhere refuses the whole (S2.23, S2.64)', async () => {
    const [a] = ROUND.steps;
    const broken = {
      ...ROUND,
      steps: [a, { key: 'b', kind: 'text', body: 'b' }, { key: 'c', kind: 'text', body: '' }],
    };
    for (const query of ['', '?mode=replace', '?dryRun=true']) {
      const { status, body } = await take(broken, query);
      expect([query, status, body.code]).toEqual([query, 422, 'FLOW_REFUSED']);
    }
    const missing = await take({ ...ROUND, steps: [a] });
    expect(missing.status).toBe(422);
    expect(missing.body.errors).toContainEqual(expect.objectContaining({ code: 'UNKNOWN_TEMPLATE_KEY' }));
    const match = { type: 'regex', values: ['(a)\\1'] };
    const action = { type: 'send_template', templateKey: 'a' };
    const slow = await take({ ...ROUND, rules: [{ match, action }] });
    expect([slow.status, slow.body.code]).toEqual([422, 'REGEX_REFUSED']);
    expect((await exported()).steps).toEqual([]);
  });

  it('by the rules of its format: what is not understood is 400', async () => {
    const refused = [
      {},
      { ...ROUND, format: 'something-else/9' },
      { ...ROUND, unknown: true },
      { ...ROUND, steps: [ROUND.steps[0], ROUND.steps[0]] },
      { ...ROUND, steps: [{ kind: 'text', body: 'no key' }] },
      { ...ROUND, steps: Array.from({ length: 501 }, (_, at) => ({ key: `s${at}`, kind: 'text', body: 'b' })) },
      { ...ROUND, steps: [null] },
    ];
    for (const document of refused) expect([document, (await take(document)).status]).toEqual([document, 400]);
    expect((await take(ROUND, '?mode=sideways')).status).toBe(400);
    const huge = { ...ROUND, steps: [{ key: 'a', kind: 'text', body: 'x'.repeat(6_500_000) }] };
    expect((await take(huge)).status).toBe(413);
  });

  it('of any script, as big as may be kept: it comes back, however a client writes it', async () => {
    const shape = fc.record({
      letter: fc.constantFrom('x', 'é', 'क', '漢', '🙂', '"', '\u0001'),
      length: fc.integer({ min: 3900, max: 4096 }),
      description: fc.constantFrom('', 'मेनू के बाद'),
    });
    await fc.assert(
      fc.asyncProperty(shape, async ({ letter, length, description }) => {
        const document = (count: number): Document => ({
          format: 'nodue-flow/1',
          steps: Array.from({ length: count }, (_, at) => ({
            key: `s${String(at).padStart(3, '0')}`,
            kind: 'text',
            body: letter.repeat(length),
            description,
          })),
        });
        const kept = { branches: [], language: 'en', translations: {}, handsOff: false, isActive: true };
        // As the limit counts them: descriptions are a list beside the steps.
        const bytes =
          Buffer.byteLength(JSON.stringify({ ...document(1).steps[0], ...kept })) - '"description":'.length + 1;
        const most = Math.floor((2_000_000 - 100) / bytes);
        const { apiKey: by } = await inbox.merchant();
        expect(await take(document(most + 2), '', by)).toMatchObject({
          status: 422,
          body: { errors: [{ code: 'TOO_MUCH' }] },
        });
        expect((await take(document(most), '', by)).status).toBe(200);
        const out = JSON.stringify(await exported(by));
        const escaped = out.replace(
          /[^\x20-\x7e]/g,
          (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
        );
        const json = { 'content-type': 'application/json' };
        for (const [path, body] of [
          ['import?mode=replace', out],
          ['import?mode=replace', escaped],
          ['test', `{"messages": [{"text": "hi"}], "draft": ${escaped}}`],
        ] as const) {
          const { status } = await inbox.call('POST', `/v1/flows/${path}`, by, body, json);
          expect({ letter, path, status }).toEqual({ letter, path, status: 200 });
        }
      }),
      { numRuns: 5, examples: [[{ letter: 'é', length: 4096, description: '' }]] },
    );
  }, 120_000);

  it('and for the version that was seen, and no other', async () => {
    await take(ROUND);
    const seen = { 'if-match': '"0"' };
    for (const query of ['', '?mode=replace', '?dryRun=true'])
      expect(await take(ROUND, query, key, seen)).toMatchObject({
        status: 409,
        body: { code: 'FLOW_CHANGED', version: 1 },
      });
    const preset = await inbox.call<Result>(
      'POST',
      '/v1/flow-presets/feedback/import?mode=replace',
      key,
      undefined,
      seen,
    );
    expect(preset).toMatchObject({ status: 409, body: { code: 'FLOW_CHANGED', version: 1 } });
    expect((await take(ROUND, '?mode=replace', key, { 'if-match': '"1"' })).status).toBe(200);
  });

  it('is judged by what it says, whatever is there: a document that leads to what it does not hold is refused', async () => {
    const [a] = ROUND.steps;
    const leading = { ...ROUND, steps: [a] };
    const answer = async () => {
      const { status, body } = await take(leading, '?mode=replace');
      const draft = await inbox.call<Result>('POST', '/v1/flows/test', key, {
        messages: [{ text: 'go' }],
        draft: leading,
      });
      expect([draft.status, draft.body.code, draft.body.errors]).toEqual([status, body.code, body.errors]);
      return { status, code: body.code, errors: body.errors };
    };
    const onNothing = await answer();
    expect(onNothing).toMatchObject({
      status: 422,
      code: 'FLOW_REFUSED',
      errors: [
        { code: 'UNKNOWN_TEMPLATE_KEY', where: { templateKey: 'a', field: 'buttons[0].nextTemplateKey' } },
        { code: 'UNKNOWN_TEMPLATE_KEY', where: { field: 'fallbackTemplateKey' } },
      ],
    });
    await take(ROUND);
    expect(await answer()).toEqual(onNothing);
  });

  it('beside what is there, of which nothing is said that was so before', async () => {
    const bad = {
      id: 'bad',
      match: { type: 'equals', values: ['stop'] },
      action: { type: 'send_template', templateKey: 'x' },
    };
    await take({
      format: 'nodue-flow/1',
      steps: [{ key: 'x', kind: 'text', body: 'X' }],
      rules: [bad],
      restartWords: ['quit'],
    });
    const { body } = await take({ ...ROUND, restartWords: [] });
    const places = body.findings.map(({ where }) => where);
    expect(places).not.toContainEqual(expect.objectContaining({ ruleId: 'bad' }));
    expect(places).not.toContainEqual(expect.objectContaining({ field: 'restartWords[0]' }));
  });

  it('and is in the audit log', async () => {
    await take(ROUND);
    const { body } = await inbox.call<{ data: { action: string; details: object }[] }>('GET', '/v1/audit-log', key);
    expect(body.data).toContainEqual(
      expect.objectContaining({
        action: 'flow.imported',
        details: { mode: 'merge', version: 1, steps: 2, removed: 0 },
      }),
    );
  });

  it('of its own merchant alone (S2.21)', async () => {
    await take(ROUND);
    const { apiKey: other } = await inbox.merchant();
    expect((await exported(other)).steps).toEqual([]);
    const leading = { format: 'nodue-flow/1', steps: [], rules: ROUND.rules };
    expect((await take(leading, '', other)).status).toBe(422);
  });

  it('by whoever may write flows', async () => {
    const reader = await inbox.call<{ key: string }>('POST', '/v1/api-keys', key, {
      name: 'reader',
      scopes: ['flows:read'],
    });
    const by = reader.body.key;
    expect((await take(ROUND, '', by)).status).toBe(403);
    expect((await inbox.call('POST', '/v1/flow-presets/feedback/import', by)).status).toBe(403);
    expect((await inbox.call('GET', '/v1/flows/export', by)).status).toBe(200);
  });

  it('and presets are such documents (S2.13)', async () => {
    const { body } = await inbox.call<{ data: { name: string }[] }>('GET', '/v1/flow-presets', key);
    expect(body.data.map(({ name }) => name)).toEqual(['feedback', 'account-menu', 'account-number']);
    for (const { name } of body.data) {
      const { body: preset } = await inbox.call<{ flow: Document }>('GET', `/v1/flow-presets/${name}`, key);
      const { apiKey: one } = await inbox.merchant();
      const { apiKey: two } = await inbox.merchant();
      const taken = await inbox.call<Result>('POST', `/v1/flow-presets/${name}/import`, one);
      expect([name, taken.status, taken.body]).toMatchObject([name, 200, { version: 1 }]);
      expect((await take(preset.flow, '', two)).status).toBe(200);
      expect(await exported(one)).toEqual(await exported(two));
      const lint = await inbox.call<{ findings: { severity: string }[] }>('GET', '/v1/flows/lint', one);
      expect(lint.body.findings.filter(({ severity }) => severity !== 'info')).toEqual([]);
    }
    const unknown = await inbox.call<Result>('POST', '/v1/flow-presets/nothing/import', key);
    expect([unknown.status, unknown.body.code]).toEqual([404, 'FLOW_PRESET_NOT_FOUND']);
  });
});
