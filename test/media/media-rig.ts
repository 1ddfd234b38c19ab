import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test, type TestingModuleBuilder } from '@nestjs/testing';
import { createHash } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { AppModule } from '../../src/app.module.js';
import { Clock } from '../../src/kernel/clock.js';
import { newId, tenantId, type TenantId } from '../../src/kernel/ids.js';
import { KeepMediaOfMessage } from '../../src/modules/messaging/application/media/keep-media-of-message.js';
import { SaveConnection } from '../../src/modules/messaging/application/accounts/save-connection.js';
import { MediaFetchDrain } from '../../src/modules/messaging/infrastructure/media/media-fetch.drain.js';
import type { InboundBody } from '../../src/modules/messaging/index.js';
import { Commands } from '../../src/platform/cqrs/commands.js';
import { TenantScope } from '../../src/platform/database/tenant-scope.js';
import { UnitOfWork } from '../../src/platform/database/unit-of-work.js';
import { APPLICATION_OPTIONS, configureHttp } from '../../src/platform/http/configure-http.js';
import { fastifyAdapter } from '../../src/platform/http/fastify-adapter.js';
import { mediaKey, MediaStore } from '../../src/platform/media-store/media-store.js';
import { type FoundAddress, NameLookup } from '../../src/platform/media-store/name-lookup.js';
import { PLATFORM_KEY, testConfig } from '../setup/config.js';
import { createTestDatabase, type TestDatabase } from '../setup/database.js';
import { StandingClock } from '../conversations/inbox.js';

export const TOKEN = 'EAAtest-token-of-the-account';

type Answer = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;

/** A server that counts who came, and with which token. */
export class StandIn {
  readonly hits: { path: string; bearer: string | undefined }[] = [];
  readonly routes = new Map<string, Answer>();
  /** What every other path answers. */
  otherwise: Answer = (_, response) => void response.writeHead(404, { 'content-type': 'application/json' }).end('{}');
  readonly #server = createServer((request, response) => {
    const path = new URL(request.url ?? '', 'http://x').pathname;
    this.hits.push({ path, bearer: request.headers.authorization });
    const answer = this.routes.get(path);
    if (answer) void answer(request, response);
    else void this.otherwise(request, response);
  });
  url = '';

  async start(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    this.url = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
    return this;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  json(path: string, body: object, status = 200): void {
    this.routes.set(path, (_request, response) => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    });
  }
}

/** What names point to; others are unknown. */
class Names extends NameLookup {
  readonly #known = new Map<string, readonly string[]>();

  set(host: string, ...addresses: string[]): void {
    this.#known.set(host, addresses);
  }

  override async all(host: string): Promise<readonly FoundAddress[]> {
    const addresses = this.#known.get(host);
    if (!addresses) throw Object.assign(new Error('unknown'), { code: 'ENOTFOUND' });
    return addresses.map((address) => ({ address, family: 4 }));
  }
}

export interface Merchant {
  readonly tenantId: TenantId;
  readonly apiKey: string;
  readonly phoneNumberId: string;
}

/** The whole application without workers, Meta played by `graph`, names by `names`; files in a folder of their own. */
export class MediaRig {
  #numbers = 0;

  private constructor(
    readonly app: NestFastifyApplication,
    private readonly database: TestDatabase,
    readonly graph: StandIn,
    readonly names: Names,
    readonly clock: StandingClock,
    readonly folder: string,
  ) {}

  /** @param change what the test has otherwise than the product */
  static async open(
    change: (module: TestingModuleBuilder) => TestingModuleBuilder = (module) => module,
  ): Promise<MediaRig> {
    const database = await createTestDatabase();
    const graph = await new StandIn().start();
    const folder = await mkdtemp(join(tmpdir(), 'nodue-media-'));
    const config = testConfig(database, { ROLE: 'api', WHATSAPP_GRAPH_URL: graph.url, NODUE_DATA_DIR: folder });
    const clock = new StandingClock();
    clock.advance(Date.now() + 3_600_000 - clock.now().getTime());
    const names = new Names();
    const module = await change(Test.createTestingModule({ imports: [AppModule.of(config)] }))
      .overrideProvider(Clock)
      .useValue(clock)
      .overrideProvider(NameLookup)
      .useValue(names)
      .compile();
    const app = module.createNestApplication<NestFastifyApplication>(fastifyAdapter(config), APPLICATION_OPTIONS);
    app.useLogger(false);
    configureHttp(app);
    await app.init();
    return new MediaRig(app, database, graph, names, clock, folder);
  }

  async close(): Promise<void> {
    await this.app.close();
    await this.graph.stop();
    await this.database.drop();
    await rm(this.folder, { recursive: true, force: true });
  }

  /** For what only a real connection does. @returns where */
  async listen(): Promise<string> {
    await this.app.listen(0, '127.0.0.1');
    return this.app.getUrl();
  }

  get<T>(type: abstract new (...given: never[]) => T): T {
    return this.app.get<T>(type, { strict: false });
  }

  in<T>(tenant: TenantId, work: () => Promise<T>): Promise<T> {
    return this.get(TenantScope).run(tenant, work);
  }

  sql<Row extends object>(tenant: TenantId, text: string, parameters: unknown[] = []): Promise<Row[]> {
    return this.in(tenant, () => this.get(UnitOfWork).runSql((sql) => sql.query<Row>(text, parameters)));
  }

  async call<Body>(
    method: 'GET' | 'POST',
    url: string,
    token?: string,
    payload?: Buffer,
    headers: Record<string, string> = {},
  ): Promise<{ status: number; headers: Record<string, unknown>; bytes: Buffer; body: Body }> {
    const answer = await this.app.inject({
      method,
      url,
      headers: { ...headers, ...(token !== undefined && { authorization: `Bearer ${token}` }) },
      ...(payload && { payload }),
    });
    const isJson = String(answer.headers['content-type']).includes('json');
    return {
      status: answer.statusCode,
      headers: answer.headers,
      bytes: answer.rawPayload,
      body: (isJson ? answer.json() : undefined) as Body,
    };
  }

  /** Uploads as a browser's form would. */
  upload<Body>(token: string, bytes: Buffer, filename: string, type: string, fields: Record<string, string> = {}) {
    const parts = Object.entries(fields).map(
      ([name, value]) => `--b\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
    );
    const head = `${parts.join('')}--b\r\ncontent-disposition: form-data; name="file"; filename="${filename}"\r\ncontent-type: ${type}\r\n\r\n`;
    const payload = Buffer.concat([Buffer.from(head), bytes, Buffer.from('\r\n--b--\r\n')]);
    return this.call<Body>('POST', '/v1/media', token, payload, { 'content-type': 'multipart/form-data; boundary=b' });
  }

  /** A merchant with a connected number. */
  async merchant(): Promise<Merchant> {
    const admin = { email: `${newId()}@merchant.example`, password: 'a-long-test-password', name: 'Admin' };
    const { body } = await this.call<{ tenant: { id: string }; apiKey: string }>(
      'POST',
      '/v1/tenants',
      PLATFORM_KEY,
      Buffer.from(JSON.stringify({ name: 'Merchant', country: 'IN', currency: 'INR', admin })),
      { 'content-type': 'application/json' },
    );
    const merchant = {
      tenantId: tenantId(body.tenant.id),
      apiKey: body.apiKey,
      phoneNumberId: `10654035224${++this.#numbers}`,
    };
    await this.in(merchant.tenantId, () =>
      this.get(Commands).execute(
        new SaveConnection({
          wabaId: `2222${this.#numbers}`,
          businessProfileId: null,
          accessToken: TOKEN,
          numbers: [
            {
              phoneNumberId: merchant.phoneNumberId,
              displayPhoneNumber: '+91 98765 43210',
              verifiedName: 'Merchant',
              qualityRating: 'GREEN',
              throughput: 80,
            },
          ],
        }),
      ),
    );
    return merchant;
  }

  /** A message with a file, as the inbound lane stores it. @returns the file's id */
  async arrive(
    { tenantId: tenant, phoneNumberId }: Merchant,
    providerMediaId: string,
    expected?: Buffer,
    file: Partial<Extract<InboundBody, { type: 'media' }>> = {},
  ): Promise<string> {
    const messageId = newId();
    await this.in(tenant, () =>
      this.get(UnitOfWork).runSql(() =>
        this.get(KeepMediaOfMessage).keep({
          messageId,
          threadId: undefined,
          phoneNumberId,
          body: {
            type: 'media',
            kind: 'image',
            mediaId: providerMediaId,
            mimeType: 'image/jpeg',
            ...(expected && { sha256: createHash('sha256').update(expected).digest('base64') }),
            ...file,
          },
        }),
      ),
    );
    const [row] = await this.sql<{ id: string }>(tenant, 'select id from media where message_id = $1::uuid', [
      messageId,
    ]);
    return row!.id;
  }

  /** Puts bytes behind a file, past all that watches over it. */
  async keep({ tenantId: tenant }: Merchant, mediaId: string, bytes: Buffer): Promise<void> {
    const limits = { maxBytes: bytes.length, mimeType: 'application/octet-stream' };
    await this.get(MediaStore).put(mediaKey(tenant, mediaId), Readable.from([bytes]), limits);
  }

  /** What stands in the store behind a file, by name. */
  async filesBehind({ tenantId: tenant }: Merchant, mediaId: string): Promise<string[]> {
    const names = await readdir(join(this.folder, 'media', tenant)).catch((): string[] => []);
    return names.filter((name) => name === mediaId);
  }

  /** Makes due what waits, and takes one turn at the number's lane. What is to be tried again is not due in it: the clock stands an hour ahead. */
  async fetch(merchant: Merchant): Promise<void> {
    await this.makeDue(merchant);
    await this.turn(merchant);
  }

  async makeDue({ tenantId: tenant }: Merchant): Promise<void> {
    await this.sql(tenant, `update media set next_at = business_now() - interval '1 s' where state = 'pending'`);
  }

  async turn(
    { tenantId: tenant, phoneNumberId }: Merchant,
    signal: AbortSignal = new AbortController().signal,
  ): Promise<void> {
    const turn = { key: phoneNumberId, tenantId: tenant, deaths: 0, signal };
    await this.in(tenant, () => this.get(MediaFetchDrain).drain(turn));
  }

  async row(
    { tenantId: tenant }: Merchant,
    id: string,
  ): Promise<{ state: string; code: string | null; mime_type: string | null; size: string | null }> {
    const [row] = await this.sql<{ state: string; code: string | null; mime_type: string | null; size: string | null }>(
      tenant,
      `select state, failure ->> 'code' as code, mime_type, size::text as size from media where id = $1::uuid`,
      [id],
    );
    return row!;
  }

  /** Meta has a file: its node tells a link, the link gives the bytes. */
  file(id: string, bytes: Buffer, link = `${this.graph.url}/files/${id}`): void {
    this.graph.json(`/v24.0/${id}`, { id, url: link, mime_type: 'image/jpeg', file_size: bytes.length });
    this.graph.routes.set(`/files/${id}`, (_request, response) => void response.writeHead(200).end(bytes));
  }

  /** Fields of the last form that the graph was posted. */
  static form(request: IncomingMessage): Promise<string> {
    return buffer(request).then((bytes) => bytes.toString('latin1'));
  }
}
