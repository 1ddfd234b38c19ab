import { Inbox } from '../conversations/inbox.js';

interface Answer {
  readonly code: string;
  readonly version: number;
  readonly rules: readonly { readonly id: string }[];
  readonly errors: readonly { readonly code: string; readonly where: object }[];
  readonly warnings: readonly { readonly code: string; readonly where: object }[];
  readonly [member: string]: unknown;
}

const rule = (id: string | undefined, templateKey: string, values: string[], type = 'equals'): object => ({
  ...(id !== undefined && { id }),
  match: { type, values },
  action: { type: 'send_template', templateKey },
});

describe('The rules of a flow (S2.4, S2.47, S2.65)', () => {
  let inbox: Inbox;
  let apiKey: string;

  beforeAll(async () => {
    inbox = await Inbox.open();
  }, 120_000);
  afterAll(() => inbox.close());
  beforeEach(async () => {
    ({ apiKey } = await inbox.merchant());
    for (const key of ['menu', 'hours', 'fallback'])
      await inbox.call('POST', '/v1/flow-templates', apiKey, { key, kind: 'text', body: key });
  });

  const call = (method: 'GET' | 'PUT' | 'POST', payload?: object, token = apiKey, headers = {}) =>
    inbox.call<Answer>(method, '/v1/flows', token, payload, headers);

  it('are none at first', async () => {
    const { apiKey: newcomer } = await inbox.merchant();
    expect(await call('GET', undefined, newcomer)).toEqual({
      status: 200,
      body: {
        version: 0,
        rules: [],
        fallbackTemplateKey: null,
        restartWords: [],
        strictTitles: false,
        updatedAt: null,
      },
    });
  });

  it('are kept in their order, with ids made for those that have none', async () => {
    const flow = {
      rules: [
        rule('b', 'menu', ['hi']),
        rule(undefined, 'hours', ['open', 'closed'], 'contains'),
        rule('a', 'menu', ['^m'], 'regex'),
      ],
      fallbackTemplateKey: 'fallback',
      restartWords: ['again'],
    };
    const { status, body } = await call('PUT', flow);
    expect({ status, body }).toMatchObject({ status: 200, body: { version: 4, warnings: [] } });
    expect(body.rules.map(({ id }) => id)).toEqual(['b', expect.stringMatching(/^rule_[a-z0-9]{8}$/), 'a']);
    const { warnings: _, ...shown } = body;
    expect((await call('GET')).body).toEqual(shown);
    expect(shown).toMatchObject(flow);
    expect((await call('PUT', { rules: [] })).body).toMatchObject({
      rules: [],
      fallbackTemplateKey: null,
      restartWords: [],
    });
  });

  it('are added and changed by id in the form of the seed (S2.47, C45)', async () => {
    await call('PUT', { rules: [rule('a', 'menu', ['hi']), rule('b', 'hours', ['open'])], restartWords: ['again'] });
    const { status, body } = await call('POST', {
      flows: [rule('b', 'hours', ['hours']), rule('c', 'menu', ['menu'])],
      fallbackTemplateKey: 'fallback',
    });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      rules: [
        { id: 'a', match: { values: ['hi'] } },
        { id: 'b', match: { values: ['hours'] } },
        { id: 'c', match: { values: ['menu'] } },
      ],
      fallbackTemplateKey: 'fallback',
      restartWords: ['again'],
    });
  });

  it('given twice in one request are refused, whether the id is new or not (C45)', async () => {
    await call('PUT', { rules: [rule('there', 'menu', ['hi'])] });
    for (const id of ['there', 'new']) {
      const { status, body } = await call('POST', { flows: [rule(id, 'menu', ['a']), rule(id, 'hours', ['b'])] });
      expect({ status, code: body.code }).toEqual({ status: 422, code: 'FLOW_REFUSED' });
      expect(body.errors).toMatchObject([{ code: 'DUPLICATE_RULE_ID', where: { ruleId: id, field: 'id' } }]);
    }
    expect((await call('GET')).body.rules).toMatchObject([{ id: 'there', match: { values: ['hi'] } }]);
  });

  it('of one editor are not undone by another who has not seen them', async () => {
    const version = (await call('GET')).body.version;
    const seen = { 'if-match': `"${version}"` };
    expect((await call('PUT', { rules: [rule('a', 'menu', ['hi'])] }, apiKey, seen)).status).toBe(200);
    for (const [method, payload] of [
      ['PUT', { rules: [] }],
      ['POST', { flows: [rule('a', 'hours', ['hi'])] }],
    ] as const)
      expect(await call(method, payload, apiKey, seen)).toMatchObject({
        status: 409,
        body: { code: 'FLOW_CHANGED', version: version + 1 },
      });
    expect((await call('GET')).body).toMatchObject({ version: version + 1, rules: [{ id: 'a' }] });
    expect((await call('PUT', { rules: [] }, apiKey, { 'if-match': String(version + 1) })).status).toBe(200);
    expect((await call('PUT', { rules: [] }, apiKey, { 'if-match': '*' })).status).toBe(200);
    for (const odd of ['five', '"1", "2"', 'W/"7"', ''])
      expect(await call('PUT', { rules: [] }, apiKey, { 'if-match': odd })).toMatchObject({
        status: 400,
        body: { errors: [{ path: 'If-Match' }] },
      });
  });

  it('written by two editors at once who saw the same: one is told', async () => {
    const { version } = (await call('GET')).body;
    const put = (id: string) =>
      call('PUT', { rules: [rule(id, 'menu', [id])] }, apiKey, { 'if-match': `"${version}"` });
    const answers = await Promise.all(['a', 'b', 'c', 'd'].map(put));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409, 409]);
    expect((await call('GET')).body.version).toBe(version + 1);
  });

  it('that go are warned of where a step is reached no more', async () => {
    await call('PUT', { rules: [rule('a', 'menu', ['hi']), rule('b', 'hours', ['open'])] });
    const { body } = await call('PUT', { rules: [rule('a', 'menu', ['hi'])] });
    expect(body.warnings).toMatchObject([{ code: 'UNREACHABLE', where: { templateKey: 'hours' } }]);
  });

  it('that are not in the change are not spoken of', async () => {
    await call('PUT', { rules: [rule('a', 'menu', ['stop'])] });
    expect((await call('POST', { flows: [rule('b', 'hours', ['open'])] })).body.warnings).toEqual([]);
  });

  it('lead to steps of the same merchant only (S2.23)', async () => {
    const other = await inbox.merchant();
    await inbox.call('POST', '/v1/flow-templates', other.apiKey, { key: 'theirs', kind: 'text', body: 'x' });
    const { status, body } = await call('PUT', { rules: [rule('a', 'theirs', ['hi'])], fallbackTemplateKey: 'theirs' });
    expect({ status, code: body.code }).toEqual({ status: 422, code: 'FLOW_REFUSED' });
    expect(body.errors).toMatchObject([
      { code: 'UNKNOWN_TEMPLATE_KEY', where: { ruleId: 'a', field: 'action.templateKey' } },
      { code: 'UNKNOWN_TEMPLATE_KEY', where: { field: 'fallbackTemplateKey' } },
    ]);
    expect((await call('GET')).body.rules).toEqual([]);
    expect((await call('GET', undefined, other.apiKey)).body.rules).toEqual([]);
  });

  it('are refused where they cannot match, with a code for each (F57)', async () => {
    const codes = async (...rules: object[]) => {
      const { status, body } = await call('PUT', { rules });
      expect({ status, body }).toMatchObject({ status: 422 });
      return body.errors.map(({ code }) => code);
    };
    expect(await call('PUT', { rules: [rule('a', 'menu', ['fine', '(?<=a)b', '(a)\\1'], 'regex')] })).toMatchObject({
      status: 422,
      body: { code: 'REGEX_REFUSED', pattern: '(?<=a)b' },
    });
    expect(await codes(rule('a', 'menu', [' \u00a0 '], 'contains'))).toEqual(['RULE_MATCHES_NOTHING']);
    expect(await codes(rule('a', 'menu', ['x']), rule('a', 'menu', ['y']))).toEqual(['DUPLICATE_RULE_ID']);
    const many = Array.from({ length: 201 }, (_, index) => rule(`r${index}`, 'menu', [`word ${index}`]));
    expect(await codes(...many)).toEqual(['TOO_MUCH']);
    const patterns = Array.from({ length: 201 }, (_, index) => `.{1,200}${index}`);
    expect(await codes(rule('a', 'menu', patterns, 'regex'))).toEqual(['TOO_MUCH']);
  });

  it('of another shape answer 400', async () => {
    for (const wrong of [
      {},
      { rules: 'none' },
      { rules: [{ match: { type: 'equals', values: ['x'] } }] },
      { rules: [{ ...rule('a', 'menu', []) }] },
      { rules: [rule('a', 'menu', ['x'], 'sounds-like')] },
      { rules: [{ match: { type: 'equals', values: ['x'] }, action: { type: 'ask_a_model', templateKey: 'menu' } }] },
      { rules: [], restartWords: [7] },
    ])
      expect({ wrong, status: (await call('PUT', wrong)).status }).toEqual({ wrong, status: 400 });
    expect((await call('POST', { rules: [] })).status).toBe(400);
  });

  it('are warned of when their words say STOP, which comes first (D8)', async () => {
    const { body } = await call('PUT', {
      rules: [rule('a', 'menu', ['unsubscribe', 'start'])],
      restartWords: ['STOP'],
    });
    expect(body.warnings).toMatchObject([
      { code: 'STOP_WORD', where: { ruleId: 'a', field: 'match.values[0]' } },
      { code: 'STOP_WORD', where: { field: 'restartWords[0]' } },
    ]);
  });

  it('are warned of when an earlier one takes all that they match', async () => {
    const { body } = await call('PUT', {
      rules: [rule('a', 'menu', ['menu'], 'contains'), rule('b', 'hours', ['the  MENU', 'open'])],
    });
    expect(body.warnings).toMatchObject([{ code: 'RULE_SHADOWED', where: { ruleId: 'b', field: 'match.values[0]' } }]);
  });
});
