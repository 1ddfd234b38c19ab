import { Injectable } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { newId, PLATFORM, tenantId, type TenantId } from '../../../src/kernel/ids.js';
import { AuditLog } from '../../../src/platform/auth/index.js';
import { TenantScope } from '../../../src/platform/database/tenant-scope.js';
import { UnitOfWork } from '../../../src/platform/database/unit-of-work.js';
import { DeadLetterDeskModule } from '../../../src/platform/dead-letters/dead-letter-desk.module.js';
import { DeadLetters } from '../../../src/platform/dead-letters/dead-letters.js';
import { DeadLettersModule } from '../../../src/platform/dead-letters/dead-letters.module.js';
import { Redrive, Redrives } from '../../../src/platform/dead-letters/redrive.js';
import { PLATFORM_KEY, testConfig } from '../../setup/config.js';
import { createTestDatabase, type TestDatabase } from '../../setup/database.js';
import { type AuditInMemory, startApplication } from '../http/application.js';

/** What was taken up again, and by whose scope. */
const redriven: { subject: string; tenant: string }[] = [];
/** What goes on while `slow` is taken up again. */
let meanwhile: () => Promise<unknown> = () => Promise.resolve();

@Injectable()
@Redrives('test-work')
class RedriveTestWork extends Redrive {
  constructor(private readonly scope: TenantScope) {
    super();
  }

  async redrive(subjectId: string): Promise<boolean> {
    if (subjectId.startsWith('broken')) throw new Error('still broken');
    if (subjectId === 'slow') await meanwhile();
    redriven.push({ subject: subjectId, tenant: this.scope.tenantId });
    return !subjectId.startsWith('gone');
  }

  override contentOf(subjectId: string): Promise<unknown> {
    if (subjectId.startsWith('gone')) return Promise.resolve(undefined);
    return Promise.resolve({ of: this.scope.tenantId, to: '919876543210', accessToken: 'EAAG1234567890' });
  }
}

describe('Dead letters (reliability 2.10)', () => {
  let database: TestDatabase;
  let app: NestFastifyApplication;
  let tenant: TenantId;
  let other: TenantId;

  const bury = (of: TenantId, subjectId: string, kind = 'test-work'): Promise<void> =>
    app
      .get(TenantScope)
      .run(of, () =>
        app
          .get(UnitOfWork)
          .run(() =>
            app.get(DeadLetters, { strict: false }).bury({ kind, subjectId, reason: 'five tries', lastError: 'boom' }),
          ),
      );
  const call = async (
    method: 'GET' | 'POST',
    path: string,
    as: string,
    payload?: object,
  ): Promise<{ status: number; body: Record<string, unknown> & { data: Record<string, unknown>[] } }> => {
    const response = await app.inject({
      method,
      url: `/v1/dead-letters${path}`,
      headers: { authorization: `Bearer ${as === PLATFORM ? PLATFORM_KEY : `nd_${as}`}` },
      ...(payload && { payload }),
    });
    return { status: response.statusCode, body: response.json() };
  };
  const list = async (as: string, query = ''): Promise<Record<string, unknown>[]> =>
    (await call('GET', query, as)).body.data;
  const idOf = async (as: string, subjectId: string): Promise<string> =>
    (await list(as, '?limit=100')).find((letter) => letter['subjectId'] === subjectId)!['id'] as string;

  beforeAll(async () => {
    database = await createTestDatabase();
    app = await startApplication(testConfig(database), {
      imports: [DeadLettersModule, DeadLetterDeskModule],
      providers: [RedriveTestWork],
    });
  });
  afterAll(async () => {
    await app.close();
    await database.drop();
  });
  beforeEach(() => {
    redriven.length = 0;
    [tenant, other] = [tenantId(newId()), tenantId(newId())];
    app.get<AuditInMemory>(AuditLog, { strict: false }).acts.length = 0;
  });

  it('are listed latest first, a page at a time, each once', async () => {
    for (let n = 0; n < 7; n++) await bury(tenant, `s${n}`);
    const seen: unknown[] = [];
    let next: string | null = '';
    do {
      const { body } = await call('GET', `?limit=3${next ? `&cursor=${next}` : ''}`, tenant);
      seen.push(...body.data.map(({ subjectId }) => subjectId));
      next = body['nextCursor'] as string | null;
    } while (next);
    expect([...seen].sort()).toEqual(['s0', 's1', 's2', 's3', 's4', 's5', 's6']);
    expect(seen[0]).toBe('s6');
    expect((await list(tenant))[0]).toMatchObject({
      tenantId: tenant,
      kind: 'test-work',
      reason: 'five tries',
      lastError: 'boom',
      state: 'open',
      decidedAt: null,
    });
  });

  it("belong to their merchant: another one's are not there (F49); the platform sees all", async () => {
    await bury(tenant, 'mine');
    const id = await idOf(tenant, 'mine');
    expect(await list(other)).toEqual([]);
    expect(await call('POST', `/${id}/discard`, other, { reason: 'x' })).toMatchObject({
      status: 404,
      body: { code: 'DEAD_LETTER_NOT_FOUND' },
    });
    expect(await call('POST', `/${id}/retry`, other)).toMatchObject({
      status: 404,
      body: { code: 'DEAD_LETTER_NOT_FOUND' },
    });
    expect(await call('POST', '/retry', other, { since: '2020-01-01T00:00:00Z' })).toMatchObject({
      status: 200,
      body: { retried: 0, remaining: 0 },
    });
    expect(await idOf(PLATFORM, 'mine')).toBe(id);
  });

  it('are looked at one by one: what it was about is shown without secrets and numbers (S2.84, S2.99)', async () => {
    await bury(tenant, 'looked-at');
    const id = await idOf(tenant, 'looked-at');
    for (const who of [tenant, PLATFORM]) {
      const { status, body } = await call('GET', `/${id}`, who);
      expect({ status, body }).toMatchObject({
        status: 200,
        body: { id, subjectId: 'looked-at', reason: 'five tries', isRetryable: true },
      });
      expect(body['content']).toEqual({
        of: tenant,
        to: expect.stringMatching(/^phone:[0-9a-f]{10}$/),
        accessToken: '[secret]',
      });
    }
    expect(await call('GET', `/${id}`, other)).toMatchObject({ status: 404, body: { code: 'DEAD_LETTER_NOT_FOUND' } });
    expect((await call('GET', '/nonsense', tenant)).status).toBe(400);
    await bury(tenant, 'gone-too', 'nobodys-work');
    expect((await call('GET', `/${await idOf(tenant, 'gone-too')}`, tenant)).body).toMatchObject({
      content: null,
      isRetryable: false,
    });
  });

  it('are listed by state, kind and time', async () => {
    await bury(tenant, 'x1');
    await bury(tenant, 'x2', 'nobodys-work');
    const ago = new Date(Date.now() - 60_000).toISOString();
    const ahead = new Date(Date.now() + 60_000).toISOString();
    expect(
      (await list(tenant, `?kind=nobodys-work&state=open&since=${ago}`)).map(({ subjectId }) => subjectId),
    ).toEqual(['x2']);
    expect(await list(tenant, `?since=${ahead}`)).toEqual([]);
    expect((await call('GET', '?since=yesterday', tenant)).status).toBe(400);
  });

  it('are retried once, in the scope of their tenant, also by the platform; it is audited who did', async () => {
    await bury(tenant, 'a');
    const id = await idOf(PLATFORM, 'a');
    const replies = await Promise.all(Array.from({ length: 5 }, () => call('POST', `/${id}/retry`, PLATFORM)));
    expect(replies.map(({ status }) => status).sort()).toEqual([200, 409, 409, 409, 409]);
    expect(redriven).toEqual([{ subject: 'a', tenant }]);
    expect(await list(tenant)).toMatchObject([{ state: 'retried', decidedBy: 'platform' }]);
    expect(app.get<AuditInMemory>(AuditLog, { strict: false }).acts).toMatchObject([
      { action: 'dead-letter.retried', subjectId: id },
    ]);
  });

  it('come back when the work is given up again', async () => {
    await bury(tenant, 'b');
    await call('POST', `/${await idOf(tenant, 'b')}/retry`, tenant);
    await bury(tenant, 'b');
    expect(await list(tenant)).toMatchObject([{ subjectId: 'b', state: 'open', decidedBy: null }]);
  });

  it('that come back have nothing to do with why they were discarded once', async () => {
    await bury(tenant, 'b');
    await call('POST', `/${await idOf(tenant, 'b')}/discard`, tenant, { reason: 'sent by hand' });
    await bury(tenant, 'b');
    expect(await list(tenant)).toMatchObject([{ state: 'open', decidedAt: null, note: null }]);
  });

  it('stay open when the retry fails, and are discarded when nothing is left to retry', async () => {
    await bury(tenant, 'broken');
    await bury(tenant, 'gone');
    expect(await call('POST', `/${await idOf(tenant, 'broken')}/retry`, tenant)).toMatchObject({ status: 500 });
    expect(await call('POST', `/${await idOf(tenant, 'gone')}/retry`, tenant)).toMatchObject({
      status: 200,
      body: { state: 'discarded', note: 'nothing was left to retry' },
    });
    expect((await list(tenant, '?state=open')).map(({ subjectId }) => subjectId)).toEqual(['broken']);
  });

  it('are discarded with a reason, once', async () => {
    await bury(tenant, 'c');
    const id = await idOf(tenant, 'c');
    expect(await call('POST', `/${id}/discard`, tenant, { reason: '' })).toMatchObject({ status: 400 });
    expect(await call('POST', `/${id}/discard`, tenant, { reason: 'a test' })).toMatchObject({
      status: 200,
      body: { state: 'discarded', note: 'a test', decidedBy: 'api-key:test' },
    });
    expect(await call('POST', `/${id}/discard`, tenant, { reason: 'again' })).toMatchObject({
      status: 409,
      body: { code: 'DEAD_LETTER_DECIDED' },
    });
    expect(await call('POST', `/${id}/retry`, tenant)).toMatchObject({ status: 409 });
  });

  it('are retried by the hundred since an instant, of one kind; one that fails holds up no other', async () => {
    for (const subject of ['d1', 'd2', 'broken-1', 'gone-1']) await bury(tenant, subject);
    await bury(tenant, 'e1', 'nobodys-work');
    await bury(other, 'd3');
    const since = new Date(0).toISOString();
    expect(await call('POST', '/retry', tenant, { since: new Date(Date.now() + 60_000).toISOString() })).toMatchObject({
      body: { retried: 0, remaining: 0 },
    });
    expect(await call('POST', '/retry', tenant, { since, kind: 'test-work' })).toEqual({
      status: 200,
      body: { retried: 2, discarded: 1, failed: 1, remaining: 1, nextCursor: null },
    });
    expect(redriven.map(({ subject }) => subject)).toEqual(['d1', 'd2', 'gone-1']);
    await call('POST', '/retry', PLATFORM, { since, kind: 'test-work' });
    expect(redriven).toContainEqual({ subject: 'd3', tenant: other });
    expect(await call('POST', `/${await idOf(tenant, 'e1')}/retry`, tenant)).toMatchObject({
      status: 422,
      body: { code: 'NOT_REDRIVABLE' },
    });
  });

  it('that somebody else decides while many are retried are done, not failed', async () => {
    await bury(tenant, 'slow');
    await bury(tenant, 'decided');
    const decided = await idOf(tenant, 'decided');
    meanwhile = () => call('POST', `/${decided}/discard`, tenant, { reason: 'sent by hand' });
    expect(await call('POST', '/retry', tenant, { since: new Date(0).toISOString() })).toEqual({
      status: 200,
      body: { retried: 1, discarded: 0, failed: 0, remaining: 0, nextCursor: null },
    });
    expect(redriven.map(({ subject }) => subject)).toEqual(['slow']);
  });

  it('five hundred that cannot be retried hide no later ones: the next call goes on behind them', async () => {
    await app.get(TenantScope).run(tenant, () =>
      app.get(UnitOfWork).runSql((sql) =>
        sql.query(
          `insert into dead_letter (tenant_id, id, kind, subject_id, reason, first_at, last_at)
               select $1::uuid, gen_random_uuid(), 'test-work', 'broken-' || n, 'five tries', now() - interval '1 hour', now() - interval '1 hour'
               from generate_series(1, 500) n`,
          [tenant],
        ),
      ),
    );
    await bury(tenant, 'later');
    const since = new Date(0).toISOString();
    const first = await call('POST', '/retry', tenant, { since });
    expect(first).toMatchObject({
      body: { retried: 0, failed: 500, remaining: 501, nextCursor: expect.any(String) },
    });
    expect(await call('POST', '/retry', tenant, { since, cursor: first.body['nextCursor'] })).toMatchObject({
      body: { retried: 1, failed: 0, remaining: 500, nextCursor: null },
    });
    expect(redriven.map(({ subject }) => subject)).toEqual(['later']);
  }, 30_000);

  it.each([
    {},
    { since: 'yesterday' },
    { since: '2026-11-21' },
    { since: '2026-11-21T00:00:00Z', kind: 7 },
    { since: '2026-11-21T00:00:00Z', tenantId: 'x' },
  ])('refuse to be retried by %j', async (body) => {
    expect(await call('POST', '/retry', tenant, body)).toMatchObject({
      status: 400,
      body: { code: 'INVALID_REQUEST' },
    });
  });

  it('refuse to be retried from a place that no call has named', async () => {
    expect(await call('POST', '/retry', tenant, { since: '2026-11-21T00:00:00Z', cursor: 'x' })).toMatchObject({
      status: 400,
      body: { code: 'INVALID_CURSOR' },
    });
  });
});
