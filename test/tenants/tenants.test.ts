import type { TenantId } from '../../src/kernel/ids.js';
import { TenantScope } from '../../src/platform/database/tenant-scope.js';
import { Vault } from '../../src/platform/encryption/vault.js';
import { PLATFORM_KEY } from '../setup/config.js';
import { type Answer, House } from './house.js';

describe('A merchant', () => {
  let house: House;
  beforeAll(async () => {
    house = await House.open();
  });
  afterAll(() => house.close());

  describe('is registered by the platform operator (contract 4, S2.46, C29)', () => {
    it('with an ADMIN who can log in and an API key that works (S2.61)', async () => {
      const { status, body } = await house.register(
        { name: ' Asha Traders ', country: 'in', currency: 'inr' },
        { email: ' Asha@Asha-Traders.example' },
      );
      expect({ ...body, status }).toEqual({
        status: 201,
        tenant: {
          id: expect.any(String),
          name: 'Asha Traders',
          country: 'IN',
          timezone: 'Asia/Kolkata',
          currency: 'INR',
          locale: 'en-IN',
          status: 'active',
          createdAt: expect.any(String),
        },
        apiKey: expect.stringMatching(/^nd_[\w-]{43}$/),
      });
      expect((await house.logIn('asha@asha-traders.example', 'a-long-test-password')).status).toBe(200);
      const users = await house.call('GET', '/v1/users', body.apiKey);
      expect(users.body.data).toEqual([expect.objectContaining({ email: 'asha@asha-traders.example', role: 'ADMIN' })]);
      const audit = await house.call('GET', '/v1/audit-log', body.apiKey);
      expect(audit.body.data.map((entry) => [entry.action, entry.actor.kind])).toEqual(
        expect.arrayContaining([
          ['tenant.registered', 'platform'],
          ['user.created', 'platform'],
          ['api-key.created', 'platform'],
          ['user.logged-in', 'user'],
        ]),
      );
    });

    it('and by nobody else', async () => {
      const { accessToken, apiKey } = await house.merchant();
      const statuses = await Promise.all(
        [undefined, 'wrong', accessToken, apiKey].map(
          async (token) => (await house.call('POST', '/v1/tenants', token, {})).status,
        ),
      );
      expect(statuses).toEqual([401, 401, 403, 403]);
    });

    it('a retried registration with its Idempotency-Key answers the same key again', async () => {
      const body = {
        name: 'Once',
        country: 'IN',
        currency: 'INR',
        admin: { email: 'once@merchant.example', password: 'a-long-test-password', name: 'Once' },
      };
      const first = await house.call('POST', '/v1/tenants', PLATFORM_KEY, body, { 'idempotency-key': 'register-once' });
      const second = await house.call('POST', '/v1/tenants', PLATFORM_KEY, body, {
        'idempotency-key': 'register-once',
      });
      expect([second.status, second.headers.get('idempotency-replayed')]).toEqual([201, 'true']);
      expect(second.body).toEqual(first.body);
    });

    it("not with an e-mail address that another merchant's user has, whatever its case, also not at once", async () => {
      const same = await Promise.all(
        ['twice@merchant.example', 'Twice@Merchant.Example', 'TWICE@merchant.example'].map((email) =>
          house.register({}, { email }),
        ),
      );
      expect(same.map(({ status }) => status).sort()).toEqual([201, 409, 409]);
      expect(same.find(({ status }) => status === 409)!.body.code).toBe('EMAIL_TAKEN');
      const { body } = await house.call('GET', '/v1/tenants?limit=100', PLATFORM_KEY);
      const registered = same.find(({ status }) => status === 201)!.body.tenant;
      expect(body.data.filter(({ name }) => name === registered.name)).toHaveLength(1);
    });

    it.each<[string, Record<string, unknown>, Record<string, unknown>, number, string]>([
      ['without a zone outside India (C25)', { country: 'GR', currency: 'EUR' }, {}, 422, 'UNKNOWN_VALUE'],
      ['in a zone that no map knows', { timezone: 'Asia/Atlantis' }, {}, 422, 'UNKNOWN_VALUE'],
      ['in an offset instead of a zone', { timezone: '+05:30' }, {}, 422, 'UNKNOWN_VALUE'],
      ['in a country that is none', { country: 'ZZ' }, {}, 422, 'UNKNOWN_VALUE'],
      ['with money that nobody pays in', { currency: 'ABC' }, {}, 422, 'UNKNOWN_VALUE'],
      ['in a language that is none', { locale: 'e_x' }, {}, 422, 'UNKNOWN_VALUE'],
      ['without a name', { name: '   ' }, {}, 422, 'UNKNOWN_VALUE'],
      ['with a NUL in its name', { name: 'a\0b' }, {}, 422, 'UNKNOWN_VALUE'],
      ['with an e-mail address that is none', {}, { email: 'nobody' }, 422, 'UNKNOWN_VALUE'],
      ['with a short password', {}, { password: 'too short' }, 422, 'PASSWORD_REFUSED'],
      ['with a field that is not documented (F62)', { status: 'active', id: 'x' }, {}, 400, 'INVALID_REQUEST'],
      ['with a role for its admin (F62)', {}, { role: 'ADMIN' }, 400, 'INVALID_REQUEST'],
    ])('not %s', async (_, profile, admin, status, code) => {
      expect(await house.register(profile, admin)).toMatchObject({ status, body: { code } });
    });
  });

  it('is listed page by page for the operator, and sees itself alone', async () => {
    const merchants = [await house.merchant(), await house.merchant(), await house.merchant()];
    const seen: string[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const { body }: Answer = await house.call(
        'GET',
        `/v1/tenants?limit=2${cursor && `&cursor=${cursor}`}`,
        PLATFORM_KEY,
      );
      seen.push(...body.data.map(({ id }) => id));
      cursor = body.nextCursor;
    }
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen).toEqual(expect.arrayContaining(merchants.map(({ tenantId }) => tenantId)));
    const own = await house.call('GET', '/v1/tenants', merchants[0]!.accessToken);
    expect(own.body.data.map(({ id }) => id)).toEqual([merchants[0]!.tenantId]);
  });

  it('is changed by its ADMIN and by the operator, with what is checked at registration', async () => {
    const { tenantId, accessToken } = await house.merchant();
    expect((await house.call('PATCH', `/v1/tenants/${tenantId}`, accessToken, { name: 'Renamed' })).body.name).toBe(
      'Renamed',
    );
    const moved = await house.call('PATCH', `/v1/tenants/${tenantId}`, PLATFORM_KEY, { timezone: 'Europe/Athens' });
    expect(moved.body).toMatchObject({ name: 'Renamed', timezone: 'Europe/Athens', country: 'IN' });
    expect((await house.call('PATCH', `/v1/tenants/${tenantId}`, accessToken, { currency: 'ABC' })).status).toBe(422);
    const audit = await house.call('GET', '/v1/audit-log', accessToken);
    expect(audit.body.data.filter(({ action }) => action === 'tenant.changed').map(({ actor }) => actor.kind)).toEqual([
      'platform',
      'user',
    ]);
  });

  it('must be named by the operator where a route works for one merchant', async () => {
    const { tenantId } = await house.merchant();
    expect(await house.call('GET', '/v1/users', PLATFORM_KEY)).toMatchObject({
      status: 400,
      body: { code: 'TENANT_REQUIRED' },
    });
    expect((await house.call('GET', '/v1/users', PLATFORM_KEY, undefined, { 'x-tenant-id': 'x' })).status).toBe(400);
    expect(
      (
        await house.call('GET', '/v1/users', PLATFORM_KEY, undefined, {
          'x-tenant-id': '0190a000-0000-7000-8000-000000000000',
        })
      ).status,
    ).toBe(404);
    expect(
      (await house.call('GET', '/v1/users', PLATFORM_KEY, undefined, { 'x-tenant-id': tenantId })).body.data,
    ).toHaveLength(1);
    expect((await house.call('GET', '/v1/tenants/0190a000-0000-7000-8000-000000000000', PLATFORM_KEY)).status).toBe(
      404,
    );
    expect((await house.call('GET', '/v1/tenants/x', PLATFORM_KEY)).status).toBe(400);
  });

  it("X-Tenant-Id moves nobody but the operator out of the credential's tenant", async () => {
    const [alice, bob] = [await house.merchant(), await house.merchant()];
    const { body } = await house.call('GET', '/v1/users', alice.accessToken, undefined, {
      'x-tenant-id': bob.tenantId,
    });
    expect(body.data.map(({ email }) => email)).toEqual([alice.email]);
  });

  it('keeps its secrets when the operator wraps all data keys anew (F63, S2.80)', async () => {
    const { tenantId, accessToken } = await house.merchant();
    const inTenant = <T>(work: () => Promise<T>): Promise<T> =>
      house.app.get(TenantScope).run(tenantId as TenantId, work);
    const place = { table: 'whatsapp_account', column: 'access_token', row: '1' };
    const sealed = await inTenant(() => house.app.get(Vault).seal('secret', place));
    const rotated = await House.open(
      {},
      { ENCRYPTION_KEYS: `new:${Buffer.alloc(32, 'new').toString('base64')},${house.config.ENCRYPTION_KEYS}` },
      house.database,
    );
    expect(await rotated.call('POST', '/v1/encryption/rewrap', PLATFORM_KEY)).toMatchObject({
      status: 200,
      body: { rewrapped: expect.any(Number) },
    });
    expect(await rotated.call('POST', '/v1/encryption/rewrap', PLATFORM_KEY)).toMatchObject({
      status: 200,
      body: { rewrapped: 0 },
    });
    expect((await rotated.call('POST', '/v1/encryption/rewrap', accessToken)).status).toBe(403);
    await rotated.app.close();
    const retired = await House.open(
      {},
      { ENCRYPTION_KEYS: `new:${Buffer.alloc(32, 'new').toString('base64')}` },
      house.database,
    );
    expect(
      await retired.app.get(TenantScope).run(tenantId as TenantId, () => retired.app.get(Vault).open(sealed, place)),
    ).toBe('secret');
    await retired.app.close();
  });
});
