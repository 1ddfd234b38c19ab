import { createTestDatabase, type TestDatabase } from '../../setup/database.js';
import { type Shop, Stand } from './shop.js';

let database: TestDatabase;
let stand: Stand;
let shop: Shop;
let ids = 5000;
const fresh = () => ({ wabaId: `1${++ids}`, phoneNumberId: `2${ids}`, accessToken: `mock_token_${ids}` });

beforeAll(async () => {
  database = await createTestDatabase();
  stand = await Stand.open(database);
});
beforeEach(() => {
  shop = stand.shop();
});
afterEach(() => stand.heal());
afterAll(async () => {
  await stand.close();
  await database.drop();
});

const nothingSaved = async (): Promise<void> => {
  expect(await shop.rows('select 1 from whatsapp_account')).toEqual([]);
  expect(await shop.rows('select 1 from phone_number')).toEqual([]);
  expect(await shop.events()).toEqual([]);
  expect((await shop.call('GET', 'account')).status).toBe(404);
};

describe('A merchant connects by ids and token (S0.13-S0.15, S2.3)', () => {
  it('and gets the account as it was saved, without the token (S0.12, S2.99)', async () => {
    const given = fresh();
    const connected = await shop.call('POST', 'connect', given);
    expect(connected).toMatchObject({
      status: 201,
      body: {
        status: 'connected',
        setupStatus: 'COMPLETED',
        provider: 'meta',
        wabaId: given.wabaId,
        phoneNumberId: given.phoneNumberId,
      },
    });
    const account = await shop.call('GET', 'account');
    expect(account.body).toEqual(connected.body);
    expect((account.body['phoneNumbers'] as object[])[0]).toMatchObject({
      displayPhoneNumber: expect.stringMatching(/^\+\d{7,15}$/) as string,
      purpose: 'default',
      status: 'active',
      qualityRating: 'GREEN',
      throughput: 80,
    });
    expect(connected.text + account.text + JSON.stringify(stand.audited)).not.toContain(given.accessToken);
    expect(stand.audited.at(-1)).toMatchObject({
      action: 'whatsapp-account.connected',
      details: { wabaId: given.wabaId, method: 'manual' },
    });
    expect(await shop.events()).toEqual(['messaging.account-connected']);
  });

  it('and the token lies sealed, and opens only for whoever sends (C31, S2.8)', async () => {
    const given = fresh();
    await shop.call('POST', 'connect', given);
    const [row] = await shop.rows<{ access_token: Uint8Array }>('select access_token from whatsapp_account');
    expect(Buffer.from(row!.access_token).includes(given.accessToken)).toBe(false);
    expect(await shop.sender(given.phoneNumberId)).toMatchObject({
      throughput: 80,
      sender: {
        phoneNumberId: given.phoneNumberId,
        accessToken: given.accessToken,
        credentialVersion: 1,
        tenantId: shop.id,
      },
    });
  });

  it('but not with a token that Meta refuses: 502 with its code, nothing saved (S0.14, C60)', async () => {
    const { accessToken: _, ...given } = fresh();
    const refused = await shop.call('POST', 'connect', { ...given, accessToken: 'mock_expired_x' });
    expect(refused).toMatchObject({ status: 502, body: { code: 'PROVIDER_REFUSED', providerCode: 190 } });
    expect(refused.text).not.toContain('mock_expired_x');
    await nothingSaved();
  });

  it('but not with a number of another account', async () => {
    const given = fresh();
    await stand.declare(given.phoneNumberId, { wabaId: '199999' });
    expect(await shop.call('POST', 'connect', given)).toMatchObject({
      status: 422,
      body: { code: 'PHONE_NUMBER_NOT_IN_ACCOUNT' },
    });
    await nothingSaved();
  });

  it('but not with ids that are none, or of something else', async () => {
    const given = fresh();
    expect((await shop.call('POST', 'connect', { ...given, wabaId: '../me' })).status).toBe(400);
    expect((await shop.call('POST', 'connect', { ...given, accessToken: 'a b\nc' })).status).toBe(400);
    await stand.declare(given.phoneNumberId, { wabaId: given.wabaId });
    expect(
      await shop.call('POST', 'connect', { ...given, phoneNumberId: given.wabaId, wabaId: given.phoneNumberId }),
    ).toMatchObject({ status: 502, body: { code: 'PROVIDER_REFUSED', providerCode: 100 } });
    await nothingSaved();
  });

  const DOWN = [
    { kind: 'http-status', status: 503 },
    { kind: 'reset-before-accept' },
    { kind: 'invalid-json' },
    { kind: 'graph-error', code: 2 },
    { kind: 'graph-error', code: 4 },
  ];
  it.each(DOWN)(
    'but not while Graph is down (%j): 503 with Retry-After, nothing saved, and the same call succeeds later',
    async (fault) => {
      const given = fresh();
      for (const path of ['subscribed_apps', 'phone_numbers', given.wabaId, given.phoneNumberId]) {
        await stand.fault({ ...fault, match: { path } });
        const answer = await shop.call('POST', 'connect', given);
        expect(answer).toMatchObject({ status: 503, body: { code: 'PROVIDER_UNREACHABLE' } });
        await stand.heal();
        await nothingSaved();
      }
      expect((await shop.call('POST', 'connect', given)).status).toBe(201);
    },
  );

  it('and several numbers and accounts', async () => {
    const first = fresh();
    const second = { ...fresh(), wabaId: first.wabaId };
    const other = fresh();
    for (const given of [first, second, other]) expect((await shop.call('POST', 'connect', given)).status).toBe(201);
    expect((await shop.call('GET', 'account')).body).toMatchObject({
      wabaId: first.wabaId,
      phoneNumbers: [{ phoneNumberId: first.phoneNumberId }, { phoneNumberId: second.phoneNumberId }],
    });
    expect((await shop.call('GET', `account?wabaId=${other.wabaId}`)).body).toMatchObject({ wabaId: other.wabaId });
    const page = await shop.call('GET', 'phone-numbers?limit=2');
    expect((page.body['data'] as object[]).length).toBe(2);
    const rest = await shop.call('GET', `phone-numbers?limit=2&cursor=${String(page.body['nextCursor'])}`);
    expect(rest.body).toMatchObject({
      data: [{ phoneNumberId: other.phoneNumberId, wabaId: other.wabaId }],
      nextCursor: null,
    });
    expect(await shop.call('DELETE', 'account')).toMatchObject({
      status: 409,
      body: { code: 'WHATSAPP_ACCOUNT_AMBIGUOUS' },
    });
    expect((await shop.call('DELETE', `account?wabaId=${other.wabaId}`)).status).toBe(204);
  });

  it('at once twice, and has one account', async () => {
    const given = fresh();
    const answers = await Promise.all([1, 2, 3].map(() => shop.call('POST', 'connect', given)));
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201]);
    expect(await shop.rows('select credential_version from whatsapp_account')).toEqual([{ credential_version: 3 }]);
  });

  it('again with another token, and what waited for it is woken (C22, C67)', async () => {
    const given = fresh();
    await shop.call('POST', 'connect', given);
    await shop.refuseCredential(1);
    expect(await shop.sender(given.phoneNumberId)).toEqual({ unable: 'credential' });
    expect((await shop.call('GET', 'account')).body).toMatchObject({ status: 'credential_refused' });
    const rings = await shop.rings(given.phoneNumberId);
    expect((await shop.call('POST', 'connect', { ...given, accessToken: 'mock_second' })).status).toBe(201);
    expect(await shop.sender(given.phoneNumberId)).toMatchObject({
      sender: { accessToken: 'mock_second', credentialVersion: 2 },
    });
    expect(await shop.rings(given.phoneNumberId)).toBe(rings + 1);
    expect(await shop.events()).toEqual([
      'messaging.account-connected',
      'messaging.credential-refused',
      'messaging.credential-replaced',
      'messaging.account-connected',
    ]);
  });

  it('and a late refusal of the old token does not stop the new one', async () => {
    const given = fresh();
    await shop.call('POST', 'connect', given);
    await shop.call('POST', 'connect', { ...given, accessToken: 'mock_second' });
    await shop.refuseCredential(1);
    expect(await shop.sender(given.phoneNumberId)).toMatchObject({ sender: { credentialVersion: 2 } });
  });
});

describe("A merchant connects by Meta's signup dialog (S0.6-S0.12, S2.81)", () => {
  const code = (given: { wabaId: string; phoneNumberId: string }): string =>
    `sandbox_code_${given.wabaId}_${given.phoneNumberId}`;

  it('with nothing but the code: account and number are looked up, webhooks subscribed', async () => {
    const given = fresh();
    expect(await shop.call('POST', 'onboard', { code: code(given) })).toMatchObject({
      status: 201,
      body: { status: 'connected', setupStatus: 'COMPLETED', wabaId: given.wabaId, phoneNumberId: given.phoneNumberId },
    });
    expect(stand.audited.at(-1)).toMatchObject({
      action: 'whatsapp-account.connected',
      details: { method: 'embedded-signup' },
    });
    expect(await stand.isSubscribed(given.wabaId)).toBe(true);
    expect(await shop.sender(given.phoneNumberId)).toMatchObject({ sender: { phoneNumberId: given.phoneNumberId } });
  });

  it.each([
    [
      'camelCase',
      ({ wabaId, phoneNumberId }: ReturnType<typeof fresh>) => ({ wabaId, phoneNumberId, businessId: '27290' }),
    ],
    [
      "Meta's own words, with more in it",
      ({ wabaId, phoneNumberId }: ReturnType<typeof fresh>) => ({
        type: 'WA_EMBEDDED_SIGNUP',
        event: 'FINISH',
        data: { waba_id: wabaId, phone_number_id: phoneNumberId, business_id: '27290', page_ids: ['1'] },
      }),
    ],
  ])('with what the dialog told the browser, in %s', async (_what, setupInfo) => {
    const given = fresh();
    expect(await shop.call('POST', 'onboard', { code: code(given), setupInfo: setupInfo(given) })).toMatchObject({
      status: 201,
      body: { wabaId: given.wabaId, businessProfileId: expect.any(String) as string },
    });
  });

  it("but the dialog's ids are only hints: an account or number that was not shared is refused", async () => {
    const [given, foreign] = [fresh(), fresh()];
    expect(
      await shop.call('POST', 'onboard', { code: code(given), setupInfo: { wabaId: foreign.wabaId } }),
    ).toMatchObject({ status: 422 });
    expect(
      await shop.call('POST', 'onboard', { code: code(given), setupInfo: { phoneNumberId: foreign.phoneNumberId } }),
    ).toMatchObject({ status: 422 });
    await nothingSaved();
  });

  it('but not with a code that Meta does not know: 502 with its code', async () => {
    expect(await shop.call('POST', 'onboard', { code: 'nonsense' })).toMatchObject({
      status: 502,
      body: { code: 'PROVIDER_REFUSED', providerCode: 100 },
    });
    expect((await shop.call('POST', 'onboard', { code: '' })).status).toBe(400);
    await nothingSaved();
  });

  it.each(['debug_token', 'phone_numbers', 'subscribed_apps'])(
    'and goes on with the same code when %s failed, though a code can be exchanged once',
    async (path) => {
      const given = fresh();
      await stand.fault({ kind: 'reset-before-accept', match: { path } });
      expect(await shop.call('POST', 'onboard', { code: code(given) })).toMatchObject({ status: 503 });
      await nothingSaved();
      await stand.heal();
      expect(await shop.rows('select 1 from signup_token')).toHaveLength(1);
      expect((await shop.call('POST', 'onboard', { code: code(given) })).status).toBe(201);
      expect(await shop.rows('select 1 from signup_token')).toEqual([]);
    },
  );

  it('and another tenant cannot go on with a code that somebody else has exchanged', async () => {
    const given = fresh();
    await stand.fault({ kind: 'reset-before-accept', match: { path: 'subscribed_apps' } });
    await shop.call('POST', 'onboard', { code: code(given) });
    await stand.heal();
    expect(await stand.shop().call('POST', 'onboard', { code: code(given) })).toMatchObject({
      status: 502,
      body: { providerCode: 100 },
    });
  });
});
