import 'reflect-metadata';
import { Controller, Get } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { ApiOkResponse, ApiProperty } from '@nestjs/swagger';
import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { automaticKey } from '../../src/modules/messaging/index.js';
import { apiDescriptions } from '../../src/openapi.js';
import { Public } from '../../src/platform/auth/index.js';
import { testConfig } from '../setup/config.js';
import { createTestDatabase, type TestDatabase } from '../setup/database.js';
import { startApplication } from './http/application.js';

type Json = Record<string, unknown>;

const NOWHERE = {
  databaseUrl: 'postgresql://nodue@127.0.0.1:1/nodue',
  databaseOwnerUrl: '',
  drop: () => Promise.resolve(),
};

describe('The API description (contract 3)', () => {
  let descriptions: ReadonlyMap<string, string>;
  let document: Json & {
    openapi: string;
    paths: Record<
      string,
      Record<string, Json & { operationId: string; parameters?: Json[]; responses: Json; summary?: string }>
    >;
    components: { schemas: Json };
  };

  beforeAll(async () => {
    descriptions = await apiDescriptions(testConfig(NOWHERE));
    document = parse(descriptions.get('docs/openapi.yaml')!) as typeof document;
  });

  const operations = (): { path: string; method: string; operation: (typeof document.paths)[string][string] }[] =>
    Object.entries(document.paths).flatMap(([path, item]) =>
      Object.entries(item).map(([method, operation]) => ({ path, method, operation })),
    );
  const everything = (value: unknown): [string, unknown][] =>
    value !== null && typeof value === 'object'
      ? Object.entries(value).flatMap((entry) => [entry, ...everything(entry[1])])
      : [];

  it.each(['docs/openapi.yaml', 'docs/postman.json'])('%s is not stale: npm run openapi writes it', async (path) => {
    expect(await readFile(path, 'utf8')).toBe(descriptions.get(path));
  });

  it('is the same however often it is made', async () => {
    expect(await apiDescriptions(testConfig(NOWHERE))).toEqual(descriptions);
  });

  it('stands under /v1, but for the doors of WhatsApp and what watches the process (S2.52)', () => {
    const others = Object.keys(document.paths).filter((path) => !path.startsWith('/v1/'));
    expect(others.filter((path) => !/^\/(whatsapp|health|metrics)(\/|$)/.test(path))).toEqual([]);
  });

  it('has registration, flows, sending and webhooks, and each kind of content (S2.87, S2.89)', () => {
    for (const path of ['/v1/tenants', '/v1/flow-templates', '/v1/flows', '/v1/messages', '/whatsapp/webhook'])
      expect(document.paths).toHaveProperty([path]);
    const schemas = JSON.stringify(document.components.schemas);
    for (const kind of ['text', 'interactive_button', 'interactive_list', 'media', 'whatsapp_template'])
      expect(schemas).toContain(`"${kind}"`);
  });

  it('is OpenAPI 3.1: no word of 3.0, every reference leads somewhere, every operation has its own id', () => {
    expect(document.openapi).toBe('3.1.0');
    expect(everything(document).filter(([name, value]) => name === 'nullable' && typeof value === 'boolean')).toEqual(
      [],
    );
    const references = everything(document).flatMap(([name, value]) => (name === '$ref' ? [String(value)] : []));
    expect(
      references.filter(
        (reference) => !(reference.replace('#/components/schemas/', '') in document.components.schemas),
      ),
    ).toEqual([]);
    const ids = operations().map(({ operation }) => operation.operationId);
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
  });

  it('names the problems, a summary and, on a POST, the Idempotency-Key of every route', () => {
    const v1 = operations().filter(({ path }) => path.startsWith('/v1/'));
    expect(v1.length).toBeGreaterThan(3);
    for (const { path, method, operation } of v1) {
      expect([path, method, Object.keys(operation.responses)]).toEqual([
        path,
        method,
        expect.arrayContaining(['429', '503']),
      ]);
      const isOpen = operation['security'] === undefined;
      if (method === 'post' && !isOpen)
        expect([path, operation.parameters]).toEqual([
          path,
          expect.arrayContaining([expect.objectContaining({ name: 'Idempotency-Key' })]),
        ]);
      expect([path, method, operation.summary]).toEqual([path, method, expect.any(String)]);
    }
  });

  it('takes nowhere a key for a message that an automatic one may have (S2.68)', () => {
    const bodies = operations().flatMap(({ operation }) => operation['requestBody'] ?? []);
    const taken = new Set<string>();
    const asked = (value: unknown): unknown[] =>
      everything(value).flatMap(([name, inner]) => {
        if (name === 'idempotencyKey' && typeof inner === 'object') return [inner];
        const schema = name === '$ref' ? String(inner).replace('#/components/schemas/', '') : undefined;
        if (schema === undefined || taken.has(schema)) return [];
        taken.add(schema);
        return asked(document.components.schemas[schema]);
      });
    const keys = asked(bodies) as Json[];
    expect(keys).toHaveLength(2);
    for (const { pattern } of keys) {
      expect(automaticKey('reply:wamid.1')).not.toMatch(new RegExp(String(pattern)));
      expect('invoice-1').toMatch(new RegExp(String(pattern)));
    }
  });
});

class Shape {
  @ApiProperty({ type: 'string', nullable: true }) name!: string | null;
}

@Controller('v1/shapes')
class Shapes {
  @Get() @Public() @ApiOkResponse({ type: Shape }) read(): void {}
}

describe('A running application', () => {
  let database: TestDatabase;
  let app: NestFastifyApplication;

  beforeAll(async () => {
    database = await createTestDatabase();
    app = await startApplication(testConfig(database), { controllers: [Shapes] });
  });
  afterAll(async () => {
    await app.close();
    await database.drop();
  });

  it('serves its description at /openapi.json and Swagger UI at /docs', async () => {
    const url = await app.getUrl();
    const document = (await (await fetch(`${url}/openapi.json`)).json()) as Json & {
      paths: Json;
      components: { schemas: { Shape: Json } };
    };
    expect(Object.keys(document.paths)).toEqual([
      '/health',
      '/health/live',
      '/health/ready',
      '/metrics',
      '/v1/shapes',
      '/whatsapp/health',
    ]);
    expect(document.components.schemas.Shape).toMatchObject({ properties: { name: { type: ['string', 'null'] } } });
    const page = await fetch(`${url}/docs`);
    expect(page.status).toBe(200);
    const html = await page.text();
    expect(html).toContain('swagger-ui');
    for (const [, asset] of html.matchAll(/(?:src|href)="(\.\/[^"]+)"/g)) {
      const answer = await fetch(new URL(asset!, `${url}/docs`));
      // Read to its end: a server that closes waits for answers that are on their way.
      expect([asset, answer.status, (await answer.arrayBuffer()).byteLength > 0]).toEqual([asset, 200, true]);
    }
    expect(page.headers.get('content-security-policy')).toContain("script-src 'self' 'unsafe-inline'");
    expect(page.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  });
});
