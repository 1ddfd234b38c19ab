import { Body, Controller, Get, Param, ParseUUIDPipe, Post, Query } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { IsEmail, IsInt, IsOptional, IsString, Max } from 'class-validator';
import { DomainError, type ErrorKind } from '../../../src/kernel/domain-error.js';
import { newId } from '../../../src/kernel/ids.js';
import { Authenticated, Public } from '../../../src/platform/auth/index.js';
import { DatabasePools } from '../../../src/platform/database/pools.js';
import { UnitOfWork } from '../../../src/platform/database/unit-of-work.js';
import { IsInstant } from '../../../src/platform/http/instant.js';
import { IsNested, IsNestedList } from '../../../src/platform/http/nested.js';
import { PageQuery } from '../../../src/platform/http/pagination.js';
import { testConfig } from '../../setup/config.js';
import { createTestDatabase, type TestDatabase } from '../../setup/database.js';
import { startApplication } from './application.js';

class Refused extends DomainError {
  readonly code = 'REFUSED_BY_RULE';
  readonly retryAfterMs: number | undefined;
  override readonly extensions = { messageId: 'm1', status: 200 };
  constructor(readonly kind: ErrorKind) {
    super('The rule says no.');
    if (kind === 'rate') this.retryAfterMs = 1500;
  }
}

class Admin {
  @IsEmail() email!: string;
}

class Merchant {
  @IsString() name!: string;
  @IsOptional() @IsInt() @Max(10) size?: number;
  @IsNested(Admin) admin!: Admin;
  @IsOptional() @IsNestedList(Admin, 2) others?: Admin[];
  @IsOptional() @IsInstant() since?: Date;
}

@Controller('v1/things')
class Things {
  constructor(
    private readonly pools: DatabasePools,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  @Get('refused/:kind') @Public() refused(@Param('kind') kind: ErrorKind): never {
    throw new Refused(kind);
  }

  @Get('broken') @Public() broken(): never {
    throw new Error('select * from secrets where token = EAAtoken at /srv/app/secret.ts');
  }

  @Get('without-database') @Public() async withoutDatabase(): Promise<void> {
    await this.pools.requests.query('select pg_terminate_backend(pg_backend_pid())');
  }

  @Get('list') @Public() list(@Query() query: PageQuery): PageQuery {
    return query;
  }

  @Post() @Public() create(@Body() body: Merchant): { body: Merchant; isInstant: boolean; polluted: unknown } {
    return { body, isInstant: body.since instanceof Date, polluted: ({} as { role?: unknown }).role };
  }

  @Post('stored') @Authenticated() async stored(@Body() { name }: Merchant): Promise<void> {
    await this.unitOfWork.run(() => this.unitOfWork.sql.query('select $1::text as name', [name]));
  }

  @Get(':id') @Authenticated() one(@Param('id', ParseUUIDPipe) id: string): { id: string } {
    return { id };
  }

  @Get() closed(): void {}
}

interface Reply {
  status: number;
  headers: Headers;
  body: Record<string, unknown>;
}

describe('Every refusal is a problem document (contract 3, F62, S2.98)', () => {
  let database: TestDatabase;
  let app: NestFastifyApplication;
  let url: string;

  const call = async (
    method: string,
    path: string,
    {
      body,
      type = 'application/json',
      headers = {},
    }: { body?: string; type?: string; headers?: Record<string, string> } = {},
  ): Promise<Reply> => {
    const response = await fetch(url + path, {
      method,
      headers: { ...(body !== undefined && { 'content-type': type }), ...headers },
      ...(body !== undefined && { body }),
    });
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      body: text === '' ? {} : (JSON.parse(text) as Record<string, unknown>),
    };
  };
  const post = (body: unknown): Promise<Reply> => call('POST', '/v1/things', { body: JSON.stringify(body) });
  const expectProblem = (reply: Reply, status: number, code: string): void => {
    expect({ status: reply.status, type: reply.headers.get('content-type'), ...reply.body }).toMatchObject({
      status,
      type: expect.any(String),
      code,
    });
    expect(reply.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
    expect(reply.body).toMatchObject({
      type: `urn:nodue:problem:${code.toLowerCase().replaceAll('_', '-')}`,
      title: expect.any(String),
      status,
      detail: expect.any(String),
      code,
      requestId: reply.headers.get('x-request-id'),
    });
  };
  const valid = { name: 'n', admin: { email: 'a@b.co' } };

  beforeAll(async () => {
    database = await createTestDatabase();
    app = await startApplication(testConfig(database), { controllers: [Things] });
    url = await app.getUrl();
  });
  afterAll(async () => {
    await app.close();
    await database.drop();
  });

  it.each([
    ['invalid', 400],
    ['unauthenticated', 401],
    ['forbidden', 403],
    ['not-found', 404],
    ['conflict', 409],
    ['meaning', 422],
    ['rate', 429],
    ['provider', 502],
    ['unavailable', 503],
  ] as const)('a %s domain error is %i, with what it adds and its own code', async (kind, status) => {
    const reply = await call('GET', `/v1/things/refused/${kind}`);
    expectProblem(reply, status, 'REFUSED_BY_RULE');
    expect(reply.body).toMatchObject({ messageId: 'm1', detail: 'The rule says no.' });
    expect(reply.headers.get('retry-after')).toBe(kind === 'rate' ? '2' : null);
  });

  it('a fault of ours is 500 INTERNAL and tells nothing', async () => {
    const reply = await call('GET', '/v1/things/broken');
    expectProblem(reply, 500, 'INTERNAL');
    expect(JSON.stringify(reply.body)).not.toMatch(/secret|EAA|srv/);
  });

  it('a database that went away is 503 with Retry-After, and the next request finds it again', async () => {
    const reply = await call('GET', '/v1/things/without-database');
    expectProblem(reply, 503, 'DATABASE_UNAVAILABLE');
    expect(reply.headers.get('retry-after')).toBe('1');
    expect((await call('GET', '/health/ready')).status).toBe(200);
  });

  it('names each field that is wrong, nested ones by their path (S2.85)', async () => {
    const reply = await post({ name: 7, admin: { email: 'x' }, others: [valid.admin, { email: '' }], size: 11 });
    expectProblem(reply, 400, 'INVALID_REQUEST');
    expect((reply.body['errors'] as { path: string }[]).map(({ path }) => path).sort()).toEqual([
      'admin.email',
      'name',
      'others.1.email',
      'size',
    ]);
  });

  it.each([
    ['an unknown member', { ...valid, role: 'ADMIN' }],
    ['an unknown nested member', { ...valid, admin: { ...valid.admin, tenantId: 'x' } }],
    ['a number as text', { ...valid, size: '5' }],
    ['no object', []],
    ['null', null],
    ['a text', 'x'],
    ['an array for an object', { ...valid, admin: [] }],
    ['a filled array for an object', { ...valid, admin: [valid.admin] }],
    ['an absent object', { name: 'n' }],
    ['a text for an object', { ...valid, admin: 'x' }],
    ['an object for a list', { ...valid, others: valid.admin }],
    ['a list in a list', { ...valid, others: [[]] }],
    ['null in a list', { ...valid, others: [null] }],
    ['a list that is too long', { ...valid, others: [valid.admin, valid.admin, valid.admin] }],
    ['an instant without offset', { ...valid, since: '2026-11-21T09:00:00' }],
    ['a day that no calendar has', { ...valid, since: '2026-02-30T09:00:00Z' }],
    ['a huge number', { ...valid, size: 1e308 }],
  ])('refuses %s', async (_what, body) => {
    expectProblem(await post(body), 400, 'INVALID_REQUEST');
  });

  it('takes an instant with its offset', async () => {
    const reply = await post({ ...valid, since: '2026-11-21T09:00:00+05:30' });
    expect(reply).toMatchObject({
      status: 201,
      body: { isInstant: true, body: { since: '2026-11-21T03:30:00.000Z' } },
    });
  });

  it.each([
    '{"name":"n","__proto__":{"role":"ADMIN"}}',
    '{"name":"n","constructor":{"prototype":{"role":"ADMIN"}}}',
    '{"name":"n","admin":{"__proto__":{"role":"ADMIN"}}}',
  ])('refuses to touch prototypes: %s', async (body) => {
    expectProblem(await call('POST', '/v1/things', { body }), 400, 'INVALID_REQUEST');
    expect((await post(valid)).body['polluted']).toBeUndefined();
  });

  it.each([
    ['malformed JSON', 'POST', '/v1/things', { body: '{"name":' }, 400, 'INVALID_REQUEST'],
    ['an empty body where one is needed', 'POST', '/v1/things', { body: '' }, 400, 'INVALID_REQUEST'],
    [
      'a form',
      'POST',
      '/v1/things',
      { body: 'name=n', type: 'application/x-www-form-urlencoded' },
      415,
      'UNSUPPORTED_MEDIA_TYPE',
    ],
    ['plain text', 'POST', '/v1/things', { body: 'n', type: 'text/plain' }, 415, 'UNSUPPORTED_MEDIA_TYPE'],
    [
      'a body of 1 MB and more',
      'POST',
      '/v1/things',
      { body: JSON.stringify({ name: 'n'.repeat(1024 * 1024) }) },
      413,
      'PAYLOAD_TOO_LARGE',
    ],
    ['an unknown route', 'GET', '/v1/nothing', {}, 404, 'NOT_FOUND'],
    ['an unknown verb', 'DELETE', '/v1/things', {}, 404, 'NOT_FOUND'],
    ['a path that cannot be decoded', 'GET', '/v1/things/%E0%A4%A', {}, 400, 'INVALID_REQUEST'],
    ['a limit of 0', 'GET', '/v1/things/list?limit=0', {}, 400, 'INVALID_REQUEST'],
    ['a limit of 101', 'GET', '/v1/things/list?limit=101', {}, 400, 'INVALID_REQUEST'],
    ['two limits', 'GET', '/v1/things/list?limit=1&limit=2', {}, 400, 'INVALID_REQUEST'],
    ['a limit in words', 'GET', '/v1/things/list?limit=1e1', {}, 400, 'INVALID_REQUEST'],
    ['an unknown query member', 'GET', '/v1/things/list?offset=3', {}, 400, 'INVALID_REQUEST'],
    ['no credential', 'GET', `/v1/things/${newId()}`, {}, 401, 'UNAUTHENTICATED'],
    [
      'a wrong credential',
      'GET',
      `/v1/things/${newId()}`,
      { headers: { authorization: 'Bearer x' } },
      401,
      'UNAUTHENTICATED',
    ],
    [
      'an id that is none',
      'GET',
      '/v1/things/17',
      { headers: { authorization: `Bearer nd_${newId()}` } },
      400,
      'INVALID_REQUEST',
    ],
    [
      'a route that says not whom it is for',
      'GET',
      '/v1/things',
      { headers: { authorization: `Bearer nd_${newId()}` } },
      403,
      'FORBIDDEN',
    ],
  ] as const)('%s', async (_what, method, path, options, status, code) => {
    expectProblem(await call(method, path, options), status, code);
  });

  it('a character that PostgreSQL cannot store is 400, not 500', async () => {
    const headers = { authorization: `Bearer nd_${newId()}` };
    const reply = await call('POST', '/v1/things/stored', {
      body: JSON.stringify({ ...valid, name: 'a\0b' }),
      headers,
    });
    expectProblem(reply, 400, 'INVALID_VALUE');
  });

  it('says on 401 how to come in', async () => {
    expect((await call('GET', `/v1/things/${newId()}`)).headers.get('www-authenticate')).toBe('Bearer');
  });

  it('a page holds 25 unless asked otherwise', async () => {
    expect((await call('GET', '/v1/things/list')).body).toEqual({ limit: 25 });
    expect((await call('GET', '/v1/things/list?limit=100')).body).toEqual({ limit: 100 });
  });
});
