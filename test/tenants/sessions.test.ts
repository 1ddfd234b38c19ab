import { PLATFORM_KEY } from '../setup/config.js';
import { type Body, House, type Merchant } from './house.js';

describe('Sessions', () => {
  let house: House;
  beforeAll(async () => {
    house = await House.open();
  });
  afterAll(() => house.close());

  const me = async (token: string): Promise<number> => (await house.call('GET', '/v1/auth/me', token)).status;
  const refresh = (refreshToken: string) => house.call('POST', '/v1/auth/refresh', undefined, { refreshToken });

  describe('A log-in answers tokens and the user (contract 4)', () => {
    it('whatever the case of the e-mail address, and says who and what one is', async () => {
      const { email, password, tenantId } = await house.merchant();
      const { status, body } = await house.logIn(`  ${email.toUpperCase()} `, password);
      expect({ ...body, status }).toEqual({
        status: 200,
        accessToken: expect.any(String),
        refreshToken: expect.stringMatching(/^ndr_/),
        expiresIn: 900,
        user: expect.objectContaining({
          email,
          role: 'ADMIN',
          status: 'active',
          areas: [],
          lastLoginAt: expect.any(String),
        }),
      });
      const mine = await house.call('GET', '/v1/auth/me', body.accessToken);
      expect(mine.body).toMatchObject({
        kind: 'user',
        email,
        tenant: { id: tenantId, timezone: 'Asia/Kolkata', locale: 'en-IN' },
      });
      expect(mine.body.scopes).toContain('people:write');
      expect(JSON.stringify([body, mine.body])).not.toMatch(/argon2|passwordHash/);
    });

    it('an unknown address and a wrong password get one and the same answer', async () => {
      const { email } = await house.merchant();
      const wrong = await house.logIn(email, 'not-the-password');
      const unknown = await house.logIn('nobody@merchant.example', 'not-the-password');
      expect(wrong).toMatchObject({ status: 401, body: { code: 'INVALID_CREDENTIALS' } });
      const told = (body: Body): unknown => ({ ...body, requestId: 'of its own' });
      expect(told(unknown.body)).toEqual(told(wrong.body));
    });

    it('after five tries at one account it must wait (F61)', async () => {
      const { email } = await house.merchant();
      const statuses: number[] = [];
      for (let tries = 0; tries < 6; tries++)
        statuses.push((await house.logIn(tries % 2 ? email.toUpperCase() : email, 'not-the-password')).status);
      expect(statuses.filter((status) => status === 429).length).toBeGreaterThanOrEqual(1);
      expect(statuses.slice(0, 4)).toEqual([401, 401, 401, 401]);
    });
  });

  describe('A refresh token is good once (reliability 1.9)', () => {
    it('and is replaced by the next', async () => {
      const merchant = await house.merchant();
      const second = await refresh(merchant.refreshToken);
      expect(second.status).toBe(200);
      expect(second.body.refreshToken).not.toBe(merchant.refreshToken);
      expect(await me(second.body.accessToken)).toBe(200);
      expect((await refresh(second.body.refreshToken)).status).toBe(200);
    });

    it('a second use ends the session of thief and owner, access tokens too', async () => {
      const merchant = await house.merchant();
      const second = await refresh(merchant.refreshToken);
      expect(await refresh(merchant.refreshToken)).toMatchObject({ status: 401, body: { code: 'REFRESH_REFUSED' } });
      expect((await refresh(second.body.refreshToken)).status).toBe(401);
      expect(await me(second.body.accessToken)).toBe(401);
      const again = await house.logIn(merchant.email, merchant.password);
      const { body } = await house.call('GET', '/v1/audit-log', again.body.accessToken);
      expect(body.data.map(({ action }) => action)).toContain('session.ended-by-reuse');
    });

    it('of ten uses at once one wins at most, and the session ends', async () => {
      const merchant = await house.merchant();
      const answers = await Promise.all(Array.from({ length: 10 }, () => refresh(merchant.refreshToken)));
      const winners = answers.filter(({ status }) => status === 200);
      expect(winners.length).toBe(1);
      expect(answers.filter(({ status }) => status !== 200).every(({ status }) => status === 401)).toBe(true);
      expect((await refresh(winners[0]!.body.refreshToken)).status).toBe(401);
    });

    it.each([
      ['nothing', ''],
      ['a bare prefix', 'ndr_'],
      ['too little', 'ndr_AAAA'],
      ['too much of something else', 'x'.repeat(900)],
      ["the platform's own tenant", `ndr_${Buffer.alloc(64).toString('base64url')}`],
      ['a tenant that does not exist', `ndr_${Buffer.alloc(64, 'x').toString('base64url')}`],
    ])('refuses %s', async (_, token) => {
      expect((await refresh(token)).status).toBe(401);
    });
  });

  describe('Access ends at once', () => {
    it('for a user who is disabled, whatever tokens are out (ASVS 7.4.2)', async () => {
      const merchant = await house.merchant();
      const sales = await house.colleague(merchant, 'SALES');
      expect(await me(sales.accessToken)).toBe(200);
      expect((await house.call('POST', `/v1/users/${sales.id}/disable`, merchant.accessToken)).body.status).toBe(
        'disabled',
      );
      expect(await me(sales.accessToken)).toBe(401);
      expect((await refresh(sales.refreshToken)).status).toBe(401);
      expect(await house.logIn(sales.email, 'a-colleagues-password')).toMatchObject({
        status: 403,
        body: { code: 'USER_DISABLED' },
      });
      expect(await house.logIn(sales.email, 'not-the-password')).toMatchObject({
        status: 401,
        body: { code: 'INVALID_CREDENTIALS' },
      });
      await house.call('POST', `/v1/users/${sales.id}/enable`, merchant.accessToken);
      expect(await me(sales.accessToken)).toBe(401);
      expect((await house.logIn(sales.email, 'a-colleagues-password')).status).toBe(200);
    });

    it('for a role that was taken away; a refresh brings a token of the new one', async () => {
      const merchant = await house.merchant();
      const admin = await house.colleague(merchant, 'ADMIN');
      expect(
        (await house.call('PATCH', `/v1/users/${admin.id}`, merchant.accessToken, { role: 'LEAD_GEN' })).body.role,
      ).toBe('LEAD_GEN');
      expect(await me(admin.accessToken)).toBe(401);
      const renewed = await refresh(admin.refreshToken);
      expect(renewed.body.user.role).toBe('LEAD_GEN');
      expect((await house.call('GET', '/v1/audit-log', renewed.body.accessToken)).status).toBe(403);
    });

    it('with a log-out, of that session alone', async () => {
      const merchant = await house.merchant();
      const other = (await house.logIn(merchant.email, merchant.password)).body;
      expect((await house.call('POST', '/v1/auth/logout', merchant.accessToken)).status).toBe(204);
      expect(await me(merchant.accessToken)).toBe(401);
      expect((await refresh(merchant.refreshToken)).status).toBe(401);
      expect(await me(other.accessToken)).toBe(200);
      expect(
        (await house.call('POST', '/v1/auth/logout', undefined, { refreshToken: other.refreshToken })).status,
      ).toBe(204);
      expect(await me(other.accessToken)).toBe(401);
      expect((await house.call('POST', '/v1/auth/logout')).status).toBe(401);
    });

    it('with a log-out everywhere, of all sessions', async () => {
      const merchant = await house.merchant();
      const other = (await house.logIn(merchant.email, merchant.password)).body;
      expect((await house.call('POST', '/v1/auth/logout-everywhere', other.accessToken)).status).toBe(204);
      expect([
        await me(merchant.accessToken),
        await me(other.accessToken),
        (await refresh(other.refreshToken)).status,
      ]).toEqual([401, 401, 401]);
    });

    it('with a new password, of all sessions but the one that it answers', async () => {
      const merchant = await house.merchant();
      const change = (currentPassword: string, newPassword: string) =>
        house.call('POST', '/v1/auth/password', merchant.accessToken, { currentPassword, newPassword });
      expect(await change('not-the-password', 'another-long-password')).toMatchObject({
        status: 403,
        body: { code: 'WRONG_PASSWORD' },
      });
      expect(await change(merchant.password, 'short')).toMatchObject({
        status: 422,
        body: { code: 'PASSWORD_REFUSED' },
      });
      const changed = await change(merchant.password, 'another-long-password');
      expect([await me(merchant.accessToken), await me(changed.body.accessToken)]).toEqual([401, 200]);
      expect((await house.logIn(merchant.email, merchant.password)).status).toBe(401);
      expect((await house.logIn(merchant.email, 'another-long-password')).status).toBe(200);
    });

    it('with a password that an ADMIN resets', async () => {
      const merchant = await house.merchant();
      const sales = await house.colleague(merchant, 'SALES');
      expect(
        (
          await house.call('POST', `/v1/users/${sales.id}/password`, merchant.accessToken, {
            newPassword: 'a-reset-password',
          })
        ).status,
      ).toBe(204);
      expect(await me(sales.accessToken)).toBe(401);
      expect((await house.logIn(sales.email, 'a-reset-password')).status).toBe(200);
    });
  });

  describe('A suspended merchant (contract 4)', () => {
    const suspended = async (): Promise<Merchant> => {
      const merchant = await house.merchant();
      expect((await house.call('POST', `/v1/tenants/${merchant.tenantId}/suspend`, PLATFORM_KEY)).body).toMatchObject({
        status: 'suspended',
      });
      return merchant;
    };

    it('is told so: users, keys and those who log in or refresh', async () => {
      const merchant = await suspended();
      const answers = await Promise.all([
        house.call('GET', '/v1/auth/me', merchant.accessToken),
        house.call('GET', '/v1/users', merchant.apiKey),
        house.logIn(merchant.email, merchant.password),
        refresh(merchant.refreshToken),
      ]);
      expect(answers.map(({ status, body }) => [status, body.code])).toEqual(Array(4).fill([403, 'TENANT_SUSPENDED']));
      expect((await house.logIn(merchant.email, 'not-the-password')).status).toBe(401);
    });

    it('goes on where it was once it is resumed, and the operator can work for it meanwhile', async () => {
      const merchant = await suspended();
      expect(
        (await house.call('GET', '/v1/users', PLATFORM_KEY, undefined, { 'x-tenant-id': merchant.tenantId })).status,
      ).toBe(200);
      expect((await house.call('POST', `/v1/tenants/${merchant.tenantId}/resume`, PLATFORM_KEY)).body).toMatchObject({
        status: 'active',
      });
      expect(await me(merchant.accessToken)).toBe(200);
      expect((await refresh(merchant.refreshToken)).status).toBe(200);
    });
  });
});
