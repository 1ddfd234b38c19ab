import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { IsString } from 'class-validator';
import { Public } from '../../../src/platform/auth/index.js';
import { RateLimit } from '../../../src/platform/http/request-limits.js';
import { HttpLimits, TooManyRequests } from '../../../src/platform/rate-limiting/http-limits.js';
import { testConfig } from '../../setup/config.js';
import { createTestDatabase, type TestDatabase } from '../../setup/database.js';
import { startApplication } from '../http/application.js';

class Login {
  @IsString() email!: string;
}

@Controller('v1')
class Routes {
  @Post('login') @HttpCode(200) @Public() @RateLimit('login') login(@Body() _body: Login): void {}
}

describe('Limits of the API (F61)', () => {
  let database: TestDatabase;
  let app: NestFastifyApplication;

  const start = async (overrides: Record<string, string> = {}): Promise<void> => {
    app = await startApplication(testConfig(database, overrides), { controllers: [Routes] });
  };
  const login = (
    email: string,
    remoteAddress: string,
    headers: Record<string, string> = {},
  ): Promise<{ statusCode: number; headers: Record<string, unknown>; json: () => Record<string, unknown> }> =>
    app.inject({ method: 'POST', url: '/v1/login', remoteAddress, headers, payload: { email } });
  const statuses = async (calls: Promise<{ statusCode: number }>[]): Promise<Record<number, number>> => {
    const counts: Record<number, number> = {};
    for (const { statusCode } of await Promise.all(calls)) counts[statusCode] = (counts[statusCode] ?? 0) + 1;
    return counts;
  };

  beforeAll(async () => {
    database = await createTestDatabase();
  });
  beforeEach(() => start());
  afterEach(() => app.close());
  afterAll(() => database.drop());

  it('five tries for one account, from however many addresses and however it is written', async () => {
    const spellings = ['a@b.co', 'A@B.co', ' a@b.co '];
    const tries = Array.from({ length: 30 }, (_, n) => login(spellings[n % 3]!, `203.0.113.${n}`));
    expect(await statuses(tries)).toEqual({ 200: 5, 429: 25 });
    const refused = await login('a@b.co', '198.51.100.1');
    expect(refused.json()).toMatchObject({ code: 'RATE_LIMITED', status: 429 });
    expect(Number(refused.headers['retry-after'])).toBeGreaterThanOrEqual(1);
    expect((await login('c@d.co', '198.51.100.1')).statusCode).toBe(200);
  });

  it('ten tries from one address, for however many accounts; a /64 is one address', async () => {
    expect(await statuses(Array.from({ length: 20 }, (_, n) => login(`${n}@b.co`, '203.0.113.7')))).toEqual({
      200: 10,
      429: 10,
    });
    expect(
      await statuses(Array.from({ length: 20 }, (_, n) => login(`v6-${n}@b.co`, `2001:db8:0:1::${n.toString(16)}`))),
    ).toEqual({ 200: 10, 429: 10 });
  });

  it('a caller does not choose his own address', async () => {
    expect(
      await statuses(
        Array.from({ length: 20 }, (_, n) =>
          login(`${n}@b.co`, '203.0.113.7', { 'x-forwarded-for': `198.51.100.${n}` }),
        ),
      ),
    ).toEqual({ 200: 10, 429: 10 });
  });

  it('behind one proxy of ours the last hop counts, and only when a proxy of our network brings it', async () => {
    await app.close();
    await start({ TRUSTED_PROXY_HOPS: '1' });
    const through = (proxy: string, n: number, client: string): Promise<{ statusCode: number }> =>
      login(`${proxy}${n}@b.co`, proxy, { 'x-forwarded-for': `evil-${n}, ${client}` });
    expect(await statuses(Array.from({ length: 20 }, (_, n) => through('10.0.0.2', n, '198.51.100.1')))).toEqual({
      200: 10,
      429: 10,
    });
    expect(
      await statuses(Array.from({ length: 5 }, (_, n) => through('10.0.0.2', n + 50, `198.51.100.${n + 2}`))),
    ).toEqual({ 200: 5 });
    expect(
      await statuses(Array.from({ length: 20 }, (_, n) => through('203.0.113.9', n, `198.51.100.${n + 50}`))),
    ).toEqual({ 200: 10, 429: 10 });
  });

  it('hold at the door for every route but those that watch the process', async () => {
    const call = async (url: string): Promise<number> =>
      (await app.inject({ method: 'GET', url, remoteAddress: '203.0.113.7' })).statusCode;
    app.get(HttpLimits).admitAddress = () => Promise.reject(new TooManyRequests(1));
    expect(await Promise.all(['/v1/work', '/v1/nothing', '/anything'].map(call))).toEqual([429, 429, 429]);
    expect(await Promise.all(['/health', '/health/live', '/health/ready', '/whatsapp/health'].map(call))).toEqual([
      200, 200, 200, 200,
    ]);
  });
});
