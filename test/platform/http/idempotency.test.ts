import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { IsOptional, IsString } from 'class-validator';
import { DomainError } from '../../../src/kernel/domain-error.js';
import { newId, PLATFORM, tenantId, type TenantId } from '../../../src/kernel/ids.js';
import { AlsoForThePlatform, Authenticated, Public } from '../../../src/platform/auth/index.js';
import { TenantScope } from '../../../src/platform/database/tenant-scope.js';
import { UnitOfWork } from '../../../src/platform/database/unit-of-work.js';
import { ReservesIdempotencyKey } from '../../../src/platform/http/idempotency.js';
import { PruneStoredAnswers } from '../../../src/platform/http/prune-stored-answers.js';
import { PLATFORM_KEY, testConfig } from '../../setup/config.js';
import { createTestDatabase, type TestDatabase } from '../../setup/database.js';
import { until } from '../../setup/until.js';
import { startApplication } from './application.js';

class No extends DomainError {
  readonly code = 'NO';
  readonly kind = 'meaning';
  constructor() {
    super('No.');
  }
}

class Work {
  @IsString() name!: string;
  @IsOptional() @IsString() wish?: string;
}

/** What the handlers did, and what holds them up. */
const seen = { runs: 0, wait: (): Promise<void> => Promise.resolve() };

/** Its effect is a row: an area of the tenant. */
@Controller('v1')
@AlsoForThePlatform()
class Effects {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly scope: TenantScope,
  ) {}

  @Post('together') @Authenticated() together(@Body() work: Work): Promise<object> {
    return this.#effect(work);
  }

  @Post('accepted') @HttpCode(202) @Authenticated() accepted(@Body() work: Work): Promise<object> {
    return this.#effect(work);
  }

  @Post('silent') @HttpCode(204) @Authenticated() async silent(@Body() work: Work): Promise<void> {
    await this.#effect(work);
  }

  @Post('reserved') @Authenticated() @ReservesIdempotencyKey() async reserved(@Body() work: Work): Promise<object> {
    this.unitOfWork.forbidInside('A call to the outside');
    return this.#effect(work);
  }

  @Post('open') @Public() open(@Body() { name }: Work): object {
    return { name, run: ++seen.runs };
  }

  #effect({ name, wish }: Work): Promise<object> {
    return this.unitOfWork.run(async () => {
      const run = ++seen.runs;
      await this.unitOfWork.sql.query(
        'insert into area (tenant_id, id, name, created_at) values ($1::uuid, $2::uuid, $3, now())',
        [this.scope.tenantId, newId(), `${name} ${run}`],
      );
      await seen.wait();
      if (wish === 'refusal') throw new No();
      if (wish === 'fault') throw new Error('a fault');
      return { name, run, secret: 'nd_shown-once', at: new Date(0), text: 'a\0b' };
    });
  }
}

interface Reply {
  status: number;
  replayed: string | null;
  retryAfter: string | null;
  body: Record<string, unknown>;
}

describe('An Idempotency-Key (contract 3, reliability 2.5, F26)', () => {
  const tenant = tenantId(newId());
  let database: TestDatabase;
  let app: NestFastifyApplication;
  let url: string;

  const post = async (
    path: string,
    key: string | undefined,
    body: object,
    as: string = `nd_${tenant}`,
  ): Promise<Reply> => {
    const response = await fetch(`${url}/v1/${path}`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${as}`,
        ...(key !== undefined && { 'idempotency-key': key }),
      },
      body: JSON.stringify(body),
    });
    const text = await response.text();
    return {
      status: response.status,
      replayed: response.headers.get('idempotency-replayed'),
      retryAfter: response.headers.get('retry-after'),
      body: text === '' ? {} : (JSON.parse(text) as Record<string, unknown>),
    };
  };
  const inTenant = <T extends object>(statement: string, of: TenantId = tenant): Promise<T[]> =>
    app.get(TenantScope).run(of, () => app.get(UnitOfWork).runSql((sql) => sql.query<T>(statement)));
  const effects = async (name: string, of: TenantId = tenant): Promise<number> =>
    (await inTenant(`select from area where name like '${name} %'`, of)).length;

  beforeAll(async () => {
    database = await createTestDatabase();
    app = await startApplication(testConfig(database), { controllers: [Effects] });
    url = await app.getUrl();
  });
  afterAll(async () => {
    await app.close();
    await database.drop();
  });
  beforeEach(() => Object.assign(seen, { runs: 0, wait: () => Promise.resolve() }));

  describe.each(['together', 'reserved'])('on a route that keeps it %s', (path) => {
    const name = (what: string): string => `${path}-${what}`;

    it('gives the first answer again, marked, and does nothing', async () => {
      const first = await post(path, name('k1'), { name: name('once') });
      expect(first).toMatchObject({ status: 201, replayed: null, body: { run: 1 } });
      const second = await post(path, name('k1'), { name: name('once') });
      expect(second).toEqual({ ...first, replayed: 'true' });
      expect(await effects(name('once'))).toBe(1);
    });

    it('has one effect when a hundred requests come at once; the others hear the answer or to come again', async () => {
      const replies = await Promise.all(
        Array.from({ length: 100 }, () => post(path, name('k2'), { name: name('many') })),
      );
      const answered = replies.filter(({ status }) => status === 201);
      expect(new Set(answered.map(({ body }) => JSON.stringify(body))).size).toBe(1);
      // 409 while the first runs, 503 where so many at once find no connection: nothing was done, and each says when to come again.
      const sentAway = replies.filter(({ status }) => status !== 201);
      expect(sentAway.filter(({ status, retryAfter }) => ![409, 503].includes(status) || retryAfter !== '1')).toEqual(
        [],
      );
      expect(await effects(name('many'))).toBe(1);
      expect(await post(path, name('k2'), { name: name('many') })).toEqual({ ...answered[0], replayed: 'true' });
    });

    it('says 409 while the first request runs', async () => {
      let finish = (): void => undefined;
      seen.wait = () => new Promise((resolve) => (finish = resolve));
      const first = post(path, name('k3'), { name: name('slow') });
      await until(() => seen.runs === 1);
      expect(await post(path, name('k3'), { name: name('slow') })).toMatchObject({
        status: 409,
        retryAfter: '1',
        body: { code: 'IDEMPOTENCY_KEY_IN_USE' },
      });
      finish();
      expect(await first).toMatchObject({ status: 201, replayed: null });
    });

    it('is 422 for another body or path, also when only a member differs; the order of members does not matter', async () => {
      await post(path, name('k4'), { name: name('a'), wish: 'w' });
      for (const body of [{ name: name('a') }, { name: name('b'), wish: 'w' }]) {
        expect(await post(path, name('k4'), body)).toMatchObject({
          status: 422,
          replayed: null,
          body: { code: 'IDEMPOTENCY_KEY_REUSED' },
        });
      }
      expect(await post('accepted', name('k4'), { name: name('a'), wish: 'w' })).toMatchObject({ status: 422 });
      expect(await post(path, name('k4'), { wish: 'w', name: name('a') })).toMatchObject({
        status: 201,
        replayed: 'true',
      });
    });

    it.each([
      ['refusal', 422],
      ['fault', 500],
    ])('stores no %s: nothing happened, and the same key may be tried again', async (wish, status) => {
      expect(await post(path, name(`k5-${wish}`), { name: name(wish), wish })).toMatchObject({
        status,
        replayed: null,
      });
      expect(await effects(name(wish))).toBe(0);
      expect(await post(path, name(`k5-${wish}`), { name: name(wish) })).toMatchObject({ status: 201, replayed: null });
    });

    it('is not used up by a body that is refused as such', async () => {
      expect(await post(path, name('k6'), { nonsense: 1 })).toMatchObject({ status: 400 });
      expect(await post(path, name('k6'), { name: name('after') })).toMatchObject({ status: 201, replayed: null });
    });

    it("belongs to its tenant: another one's is another, and the platform has its own", async () => {
      const other = tenantId(newId());
      const [mine, theirs, platforms] = [
        await post(path, name('k7'), { name: name('own') }),
        await post(path, name('k7'), { name: name('own') }, `nd_${other}`),
        await post(path, name('k7'), { name: name('own') }, PLATFORM_KEY),
      ];
      expect([mine, theirs, platforms].map(({ status, replayed, body }) => [status, replayed, body['run']])).toEqual([
        [201, null, 1],
        [201, null, 2],
        [201, null, 3],
      ]);
      expect([
        await effects(name('own')),
        await effects(name('own'), other),
        await effects(name('own'), PLATFORM),
      ]).toEqual([1, 1, 1]);
    });
  });

  it('replays the status, and an answer without a body', async () => {
    expect(await post('accepted', 's1', { name: 'status' })).toMatchObject({ status: 202, replayed: null });
    expect(await post('accepted', 's1', { name: 'status' })).toMatchObject({
      status: 202,
      replayed: 'true',
      body: { run: 1 },
    });
    expect(await post('silent', 's2', { name: 'silent' })).toEqual({
      status: 204,
      replayed: null,
      retryAfter: null,
      body: {},
    });
    expect(await post('silent', 's2', { name: 'silent' })).toEqual({
      status: 204,
      replayed: 'true',
      retryAfter: null,
      body: {},
    });
    expect(await effects('silent')).toBe(1);
  });

  it('keeps answers unreadable for whoever reads the table: some hold what is shown once', async () => {
    await post('together', 'sealed', { name: 'sealed' });
    const [row] = await inTenant<{ body: string }>(
      `select body::text as body from idempotency_key where key = 'sealed'`,
    );
    expect(row!.body).toMatch(/^"[\w-]{100,}"$/);
    expect(Buffer.from(JSON.parse(row!.body) as string, 'base64url').toString('latin1')).not.toContain('shown-once');
    await inTenant(
      `update idempotency_key set body = (select body from idempotency_key where key = 's1') where key = 'sealed'`,
    );
    expect(await post('together', 'sealed', { name: 'sealed' })).toMatchObject({ status: 500 });
  });

  it('whose process died between reserving and answering may be used again after its lease', async () => {
    const body = { name: 'died' };
    const reserve = (age: string): Promise<object[]> =>
      inTenant(
        `update idempotency_key set status = null, body = null, created_at = now() - interval '${age}' where key = 'crash'`,
      );
    await post('reserved', 'crash', body);
    await reserve('60 seconds');
    expect(await post('reserved', 'crash', body)).toMatchObject({ status: 409, retryAfter: '1' });
    await reserve('121 seconds');
    expect(await post('reserved', 'crash', body)).toMatchObject({ status: 201, replayed: null, body: { run: 2 } });
    expect(await post('reserved', 'crash', body)).toMatchObject({ status: 201, replayed: 'true', body: { run: 2 } });
  });

  it.each(['', 'with space', 'ü', 'x'.repeat(256)])('is refused when it is none: "%s"', async (key) => {
    const response = await app.inject({
      method: 'POST',
      url: '/v1/together',
      headers: { authorization: `Bearer nd_${tenant}`, 'idempotency-key': key },
      payload: { name: 'n' },
    });
    expect(response.statusCode).toBe(400);
    expect(response.json()).toMatchObject({ code: 'INVALID_IDEMPOTENCY_KEY' });
  });

  it('means nothing where nobody is known: a log-in is not stored', async () => {
    expect(
      [await post('open', 'o', { name: 'n' }), await post('open', 'o', { name: 'n' })].map(({ replayed, body }) => [
        replayed,
        body['run'],
      ]),
    ).toEqual([
      [null, 1],
      [null, 2],
    ]);
  });

  it('is forgotten after seven days, for every tenant, and not before', async () => {
    const other = tenantId(newId());
    await post('together', 'old', { name: 'old' });
    await post('together', 'old', { name: 'old' }, `nd_${other}`);
    await post('together', 'young', { name: 'young' });
    for (const owner of [tenant, other])
      await inTenant(
        `update idempotency_key set created_at = now() - interval '7 days 1 minute' where key = 'old'`,
        owner,
      );
    await inTenant(`update idempotency_key set created_at = now() - interval '6 days 23 hours' where key = 'young'`);
    expect(
      await Promise.all([app.get(PruneStoredAnswers).clear(), app.get(PruneStoredAnswers).clear()]).then(
        ([a, b]) => a + b,
      ),
    ).toBe(2);
    expect(await post('together', 'old', { name: 'old' })).toMatchObject({ status: 201, replayed: null });
    expect(await post('together', 'young', { name: 'young' })).toMatchObject({ status: 201, replayed: 'true' });
  });
});
