import { Body, Controller, Get, Logger, Param, Post } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { IsString } from 'class-validator';
import { newId, tenantId } from '../../../src/kernel/ids.js';
import { Authenticated, Public } from '../../../src/platform/auth/index.js';
import { TenantScope } from '../../../src/platform/database/tenant-scope.js';
import { AppLogger, LogSink } from '../../../src/platform/logging/app-logger.js';
import { PLATFORM_KEY, testConfig } from '../../setup/config.js';
import { createTestDatabase, type TestDatabase } from '../../setup/database.js';
import { until } from '../../setup/until.js';
import { startApplication } from '../http/application.js';

const CANARIES = {
  phone: '+919876543210',
  waId: '5511987654321',
  token: 'EAAGcanaryZCpsBAKZCZBq8Pq',
  apiKey: 'nd_canary_4f9a8b7c',
  jwt: 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJjYW5hcnkifQ.c2lnbmF0dXJl',
  wamid: 'wamid.HBgMOTE5ODc2NTQzMjEwFQIAERgSQzQ5RkY5QjE2QzE5RkQ5RDM5AA==',
  code: 'AQBxcanary-code-of-signup',
  card: '4111111111111111',
  password: 'hunter2-canary',
  platformKey: PLATFORM_KEY,
};

class Note {
  @IsString() text!: string;
}

@Controller('v1/notes')
class Notes {
  readonly #logger = new Logger(Notes.name);

  @Post() @Authenticated() write(@Body() { text }: Note): void {
    this.#logger.log(text);
  }

  @Get('leaky/:phone') @Public() leaky(@Param('phone') phone: string): never {
    const { token, apiKey, jwt, wamid, code, card, password, waId } = CANARIES;
    this.#logger.log(`sending ${wamid} to ${phone}`);
    this.#logger.warn({
      msg: `refused ${card}`,
      to: waId,
      headers: { Authorization: `Bearer ${token}` },
      body: { password, nested: [{ accessToken: jwt }] },
    });
    this.#logger.error(
      `POST https://graph.facebook.com/v24.0/oauth/access_token?code=${code} failed`,
      `Error: ${apiKey}\n    at send (/app/x.js:1:1)`,
    );
    const cause = Object.assign(new Error(`Bearer ${token} for ${waId}`), {
      config: { headers: { Authorization: `Bearer ${jwt}` } },
      wamid,
    });
    throw Object.assign(new Error(`Cannot send to ${phone} with ${PLATFORM_KEY}`, { cause }), {
      recipient: phone,
      apiKey,
    });
  }
}

describe('The log', () => {
  const lines: string[] = [];
  let database: TestDatabase;
  let app: NestFastifyApplication;
  let url: string;

  const parsed = (): Record<string, unknown>[] => lines.map((line) => JSON.parse(line) as Record<string, unknown>);

  beforeAll(async () => {
    database = await createTestDatabase();
    app = await startApplication(testConfig(database, { LOG_LEVEL: 'info' }), { controllers: [Notes] });
    app.get(LogSink, { strict: false }).write = (line) => void lines.push(line);
    url = await app.getUrl();
  });
  afterAll(async () => {
    await app.close();
    await database.drop();
  });
  beforeEach(() => void (lines.length = 0));

  it('holds no canary: in messages, fields, errors, their causes and their stacks (F64, I11)', async () => {
    const response = await fetch(
      `${url}/v1/notes/leaky/${encodeURIComponent(CANARIES.phone)}?access_token=${CANARIES.token}`,
      {
        headers: { authorization: `Bearer ${CANARIES.apiKey}` },
      },
    );
    const answer = await response.text();
    await until(() => parsed().some(({ msg }) => String(msg).startsWith('GET /v1/notes/leaky/:phone 500')));
    expect(lines.length).toBeGreaterThanOrEqual(5);
    for (const canary of Object.values(CANARIES)) {
      for (const form of [canary, canary.replace(/^\+/, ''), encodeURIComponent(canary)]) {
        expect(lines.filter((line) => line.includes(form))).toEqual([]);
        expect(answer).not.toContain(form);
      }
    }
  });

  it('lets the lines of one customer be found together', async () => {
    await fetch(`${url}/v1/notes/leaky/${encodeURIComponent(CANARIES.phone)}`);
    await until(() => lines.length >= 5);
    const [digest] = /phone:[0-9a-f]{10}/.exec(lines.find((line) => line.includes('sending '))!)!;
    expect(lines.filter((line) => line.includes(digest)).length).toBeGreaterThanOrEqual(2);
  });

  it('tells on each line of a request which one it was, whose, and who asked (S2.76)', async () => {
    const tenant = newId();
    await fetch(`${url}/v1/notes`, {
      method: 'POST',
      headers: { authorization: `Bearer nd_${tenant}`, 'content-type': 'application/json', 'x-request-id': 'req-1' },
      body: JSON.stringify({ text: 'noted' }),
    });
    await until(() => lines.length >= 2);
    expect(parsed()).toEqual([
      {
        level: 'info',
        time: expect.any(String),
        requestId: 'req-1',
        tenantId: tenant,
        actor: 'api-key:test',
        context: 'Notes',
        msg: 'noted',
      },
      expect.objectContaining({
        context: 'Http',
        msg: 'POST /v1/notes 201',
        method: 'POST',
        route: '/v1/notes',
        status: 201,
        milliseconds: expect.any(Number),
        requestId: 'req-1',
        tenantId: tenant,
        actor: 'api-key:test',
      }),
    ]);
  });

  it('tells the tenant of work that no request began', () => {
    const tenant = tenantId(newId());
    app.get(TenantScope).run(tenant, () => app.get(AppLogger).log('drained', 'Lane'));
    expect(parsed()).toEqual([
      { level: 'info', time: expect.any(String), tenantId: tenant, context: 'Lane', msg: 'drained' },
    ]);
  });

  it('has no line for what machines ask all day', async () => {
    for (const path of ['/health', '/health/live', '/health/ready', '/metrics', '/whatsapp/health'])
      expect((await fetch(url + path)).status).toBe(200);
    await fetch(`${url}/v1/nothing?to=919876543210`);
    await until(() => lines.length > 0);
    expect(parsed().map(({ msg }) => msg)).toEqual(['GET unmatched 404']);
  });

  it('cannot be made to tell lies: a line break in a value stays within its line', () => {
    app.get(AppLogger).warn('a\n{"level":"fatal","msg":"forged"}');
    expect(lines).toHaveLength(1);
    expect(lines[0]!.trimEnd()).not.toContain('\n');
  });
});
