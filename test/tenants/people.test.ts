import { Controller, Get } from '@nestjs/common';
import { CurrentPrincipal, type Principal, RequiresScope } from '../../src/platform/auth/index.js';
import { UnitOfWork } from '../../src/platform/database/unit-of-work.js';
import { TenantScope } from '../../src/platform/database/tenant-scope.js';
import { newId, tenantId } from '../../src/kernel/ids.js';
import { House, type Merchant } from './house.js';

@Controller('v1/test')
class Probe {
  @Get('reach') @RequiresScope('messages:read') reach(@CurrentPrincipal() { areas }: Principal): object {
    return { areas };
  }

  @Get('closed') closed(): object {
    return {};
  }
}

describe('People of a merchant', () => {
  let house: House;
  let merchant: Merchant;
  beforeAll(async () => {
    house = await House.open({ controllers: [Probe] });
  });
  beforeEach(async () => {
    merchant = await house.merchant();
  });
  afterAll(() => house.close());

  const users = (token: string) => house.call('GET', '/v1/users', token);

  it('a route that says not who may call it is closed to all (S2.98)', async () => {
    expect((await house.call('GET', '/v1/test/closed', merchant.accessToken)).status).toBe(403);
    expect((await house.call('GET', '/v1/test/closed')).status).toBe(401);
  });

  it('are added, changed and found, page by page', async () => {
    await house.call('POST', '/v1/areas', merchant.accessToken, { name: 'athens' });
    const added = await house.call('POST', '/v1/users', merchant.accessToken, {
      email: `new-${merchant.userId}@m.example`,
      password: 'a-colleagues-password',
      name: 'New',
      role: 'SALES',
      areas: ['athens'],
    });
    expect(added).toMatchObject({
      status: 201,
      body: { role: 'SALES', status: 'active', areas: [{ name: 'athens' }], lastLoginAt: null },
    });
    const changed = await house.call('PATCH', `/v1/users/${added.body.id}`, merchant.accessToken, {
      name: 'Renamed',
      areas: [],
    });
    expect(changed.body).toMatchObject({ name: 'Renamed', areas: [], role: 'SALES' });
    const first = await house.call('GET', '/v1/users?limit=1', merchant.accessToken);
    const second = await house.call('GET', `/v1/users?limit=1&cursor=${first.body.nextCursor}`, merchant.accessToken);
    expect([first.body.data[0]?.id, second.body.data[0]?.id, second.body.nextCursor]).toEqual([
      merchant.userId,
      added.body.id,
      null,
    ]);
    expect((await house.call('GET', `/v1/users/${added.body.id}`, merchant.accessToken)).body.name).toBe('Renamed');
  });

  it.each([
    ['an e-mail address that is taken', { email: 'TAKEN' }, 409, 'EMAIL_TAKEN'],
    ['a role that does not exist', { role: 'SUPERADMIN' }, 400, 'INVALID_REQUEST'],
    ['an area that does not exist', { areas: ['atlantis'] }, 422, 'UNKNOWN_AREA'],
    ['a password that repeats itself', { password: 'abababababab' }, 422, 'PASSWORD_REFUSED'],
  ])('are not added with %s', async (_, wrong, status, code) => {
    const email = 'email' in wrong ? merchant.email.toUpperCase() : `x-${merchant.userId}@m.example`;
    const answer = await house.call('POST', '/v1/users', merchant.accessToken, {
      password: 'a-colleagues-password',
      name: 'X',
      role: 'SALES',
      ...wrong,
      email,
    });
    expect(answer).toMatchObject({ status, body: { code } });
  });

  describe('keep one active ADMIN', () => {
    it('who can be neither disabled nor given another role', async () => {
      expect(await house.call('POST', `/v1/users/${merchant.userId}/disable`, merchant.accessToken)).toMatchObject({
        status: 409,
        body: { code: 'LAST_ADMIN' },
      });
      expect(
        await house.call('PATCH', `/v1/users/${merchant.userId}`, merchant.accessToken, { role: 'SALES' }),
      ).toMatchObject({ status: 409, body: { code: 'LAST_ADMIN' } });
      expect((await house.call('GET', '/v1/auth/me', merchant.accessToken)).status).toBe(200);
    });

    it('also when all disable each other at the same time', async () => {
      const admins = [
        merchant.userId,
        (await house.colleague(merchant, 'ADMIN')).id,
        (await house.colleague(merchant, 'ADMIN')).id,
        (await house.colleague(merchant, 'ADMIN')).id,
      ];
      const answers = await Promise.all(
        admins.map((id) => house.call('POST', `/v1/users/${id}/disable`, merchant.apiKey)),
      );
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 200, 409]);
      const { body } = await users(merchant.apiKey);
      expect(body.data.filter(({ role, status }) => role === 'ADMIN' && status === 'active')).toHaveLength(1);
    });
  });

  it('may do what their role may (S1.25-S1.28, S2.82)', async () => {
    const sales = await house.colleague(merchant, 'SALES');
    const developer = await house.colleague(merchant, 'DEVELOPER');
    const allowed = async (token: string): Promise<number[]> => [
      (await users(token)).status,
      (await house.call('POST', '/v1/areas', token, { name: `by ${token.length}` })).status,
      (await house.call('GET', '/v1/api-keys', token)).status,
      (await house.call('GET', '/v1/audit-log', token)).status,
    ];
    expect(await allowed(sales.accessToken)).toEqual([200, 403, 403, 403]);
    expect(await allowed(developer.accessToken)).toEqual([200, 403, 200, 200]);
    expect((await house.call('POST', '/v1/users', sales.accessToken, {})).status).toBe(403);
  });

  it('reach all areas, their own, or all by the area "all" (S1.23-S1.28, C51)', async () => {
    const areaId = (await house.call('POST', '/v1/areas', merchant.accessToken, { name: 'athens' })).body.id;
    await house.call('POST', '/v1/areas', merchant.accessToken, { name: 'all' });
    const reach = async (token: string): Promise<unknown> =>
      (await house.call('GET', '/v1/test/reach', token)).body.areas;
    expect(await reach(merchant.accessToken)).toBe('all');
    expect(await reach((await house.colleague(merchant, 'SALES')).accessToken)).toEqual([]);
    expect(await reach((await house.colleague(merchant, 'SALES_TEAM_LEAD', [areaId])).accessToken)).toEqual([areaId]);
    expect(await reach((await house.colleague(merchant, 'LEAD_GEN', ['athens', 'all'])).accessToken)).toBe('all');
    expect(await reach(merchant.apiKey)).toBe('all');
  });

  describe('Areas', () => {
    it('have names of their own', async () => {
      const add = (name: string) => house.call('POST', '/v1/areas', merchant.accessToken, { name });
      const [athens, crete] = [await add('athens'), await add('crete')];
      expect(await add('athens')).toMatchObject({ status: 409, body: { code: 'AREA_NAME_TAKEN' } });
      expect(
        (await house.call('PATCH', `/v1/areas/${crete.body.id}`, merchant.accessToken, { name: 'athens' })).status,
      ).toBe(409);
      expect(
        (await house.call('PATCH', `/v1/areas/${crete.body.id}`, merchant.accessToken, { name: 'kriti' })).body.name,
      ).toBe('kriti');
      const sales = await house.colleague(merchant, 'SALES', ['athens']);
      expect((await house.call('DELETE', `/v1/areas/${athens.body.id}`, merchant.accessToken)).status).toBe(204);
      expect((await house.call('GET', `/v1/areas/${athens.body.id}`, merchant.accessToken)).status).toBe(404);
      expect((await house.call('GET', `/v1/users/${sales.id}`, merchant.accessToken)).body.areas).toEqual([]);
    });

    it('stay while a phone number belongs to them', async () => {
      const { id } = (await house.call('POST', '/v1/areas', merchant.accessToken, { name: 'athens' })).body;
      const unitOfWork = house.app.get(UnitOfWork);
      await house.app.get(TenantScope).run(tenantId(merchant.tenantId), () =>
        unitOfWork.runSql(async (sql) => {
          const account = newId();
          await sql.query(
            `insert into whatsapp_account (tenant_id, id, waba_id, status, setup_status, connected_at, updated_at) values ($1, $2, '1', 'connected', 'COMPLETED', now(), now())`,
            [merchant.tenantId, account],
          );
          await sql.query(
            `insert into phone_number (tenant_id, phone_number_id, account_id, display_phone_number, area_id, created_at, updated_at) values ($1, '2', $2, '+919811111111', $3, now(), now())`,
            [merchant.tenantId, account, id],
          );
        }),
      );
      expect(await house.call('DELETE', `/v1/areas/${id}`, merchant.accessToken)).toMatchObject({
        status: 409,
        body: { code: 'AREA_IN_USE' },
      });
    });
  });

  describe('API keys', () => {
    const create = (token: string, scopes: string[]) =>
      house.call('POST', '/v1/api-keys', token, { name: 'Shop', scopes });

    it('may do what their scopes say and no more', async () => {
      const { status, body } = await create(merchant.accessToken, ['people:read', 'people:read']);
      expect({ ...body, status }).toMatchObject({
        status: 201,
        scopes: ['people:read'],
        hint: body.key.slice(0, 9),
        lastUsedAt: null,
        revokedAt: null,
      });
      expect((await users(body.key)).status).toBe(200);
      const refused = await house.call('POST', '/v1/areas', body.key, { name: 'x' });
      expect(refused).toMatchObject({
        status: 403,
        body: { code: 'FORBIDDEN', detail: expect.stringContaining('people:write') },
      });
      expect((await house.call('POST', '/v1/auth/logout-everywhere', body.key)).status).toBe(403);
      expect((await house.call('GET', '/v1/auth/me', body.key)).body).toMatchObject({
        kind: 'api-key',
        id: body.id,
        name: 'Shop',
        scopes: ['people:read'],
      });
    });

    it('are shown once, and by their first characters afterwards', async () => {
      const { body } = await create(merchant.accessToken, ['people:read']);
      await users(body.key);
      const listed = await house.call('GET', '/v1/api-keys', merchant.accessToken);
      expect(JSON.stringify(listed.body)).not.toContain(body.key);
      expect(listed.body.data.find(({ id }) => id === body.id)).toEqual({
        ...body,
        key: undefined,
        lastUsedAt: expect.any(String),
      });
    });

    it('are refused from the moment of their revocation', async () => {
      const { body } = await create(merchant.accessToken, ['people:read']);
      for (let times = 0; times < 2; times++)
        expect((await house.call('DELETE', `/v1/api-keys/${body.id}`, merchant.accessToken)).status).toBe(204);
      expect((await users(body.key)).status).toBe(401);
      expect(
        (await house.call('GET', '/v1/api-keys', merchant.accessToken)).body.data.find(({ id }) => id === body.id)
          ?.revokedAt,
      ).toEqual(expect.any(String));
    });

    it.each([
      ['no scopes', { name: 'x', scopes: [] }],
      ['a scope that does not exist', { name: 'x', scopes: ['everything'] }],
      ['no name', { name: '', scopes: ['people:read'] }],
    ])('are not created with %s', async (_, body) => {
      expect((await house.call('POST', '/v1/api-keys', merchant.accessToken, body)).status).toBe(400);
    });
  });

  describe('Nobody hands out more than he has', () => {
    it('neither a key with more scopes, nor a user, nor the password of one', async () => {
      const { key } = (
        await house.call('POST', '/v1/api-keys', merchant.accessToken, {
          name: 'People',
          scopes: ['people:read', 'people:write', 'api-keys:write'],
        })
      ).body;
      const refused = { status: 403, body: { code: 'EXCEEDS_OWN_POWER' } };
      expect(await house.call('POST', '/v1/api-keys', key, { name: 'More', scopes: ['tenant:write'] })).toMatchObject(
        refused,
      );
      expect(
        await house.call('POST', '/v1/users', key, {
          email: `y-${merchant.userId}@m.example`,
          password: 'a-colleagues-password',
          name: 'Y',
          role: 'ADMIN',
        }),
      ).toMatchObject(refused);
      expect(
        await house.call('POST', `/v1/users/${merchant.userId}/password`, key, {
          newPassword: 'a-taken-over-password',
        }),
      ).toMatchObject(refused);
      expect(await house.call('POST', `/v1/users/${merchant.userId}/disable`, key)).toMatchObject(refused);
      expect((await house.call('POST', '/v1/api-keys', key, { name: 'Less', scopes: ['people:read'] })).status).toBe(
        201,
      );
    });
  });

  it('what they did is in the audit log, newest first, with who and in which request (C32)', async () => {
    const area = await house.call(
      'POST',
      '/v1/areas',
      merchant.accessToken,
      { name: 'athens' },
      { 'x-request-id': 'a-request' },
    );
    const refused = await house.call('POST', '/v1/areas', merchant.accessToken, { name: 'athens' });
    expect(refused.status).toBe(409);
    await house.call('DELETE', `/v1/areas/${area.body.id}`, merchant.apiKey);
    const { body } = await house.call('GET', '/v1/audit-log?limit=2', merchant.accessToken);
    expect(body.data).toEqual([
      expect.objectContaining({
        action: 'area.removed',
        actor: { kind: 'api-key', id: expect.any(String) },
        subjectId: area.body.id,
      }),
      expect.objectContaining({
        action: 'area.created',
        actor: { kind: 'user', id: merchant.userId },
        subjectId: area.body.id,
        details: { name: 'athens' },
        requestId: 'a-request',
      }),
    ]);
    const next = await house.call('GET', `/v1/audit-log?limit=100&cursor=${body.nextCursor}`, merchant.accessToken);
    expect(next.body.data.map(({ action }) => action)).toEqual([
      'user.logged-in',
      'api-key.created',
      'user.created',
      'tenant.registered',
    ]);
  });
});
