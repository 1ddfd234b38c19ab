import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import type { INestApplicationContext } from '@nestjs/common';
import type { SendOutcome } from '../../../src/modules/messaging/domain/send-outcome.js';
import { GraphClient } from '../../../src/modules/messaging/infrastructure/meta/graph-client.js';
import { MetaWhatsApp } from '../../../src/modules/messaging/infrastructure/meta/meta-whatsapp.js';
import { TenantScope } from '../../../src/platform/database/tenant-scope.js';
import { UnitOfWork } from '../../../src/platform/database/unit-of-work.js';
import { createTestDatabase, type TestDatabase } from '../../setup/database.js';
import { until } from '../../setup/until.js';
import { message, sender, startChannel } from './channel.js';

const ACCEPTED = '{"messaging_product":"whatsapp","messages":[{"id":"wamid.1"}]}';
const FROM = sender('1001');

function http(status: string, body: string, headers: Record<string, string> = {}): string {
  const lines = Object.entries({
    'content-type': 'application/json',
    'content-length': String(Buffer.byteLength(body)),
    ...headers,
  }).map(([name, value]) => `${name}: ${value}`);
  return `HTTP/1.1 ${status}\r\n${lines.join('\r\n')}\r\n\r\n${body}`;
}

/** For what ends by itself, however busy the machine is. */
const PATIENT = { deadline: 20_000, connect: 10_000 };
/** For what would never end. */
const HASTY = { deadline: 400, connect: 200 };

describe('One POST to the Graph API, and what became of it (M16, F27)', () => {
  let database: TestDatabase;
  const opened: { server: Server | undefined; channel: INestApplicationContext }[] = [];

  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterEach(async () => {
    for (const { server, channel } of opened.splice(0)) {
      await channel.close();
      server?.close();
    }
  });
  afterAll(() => database.drop());

  /** A server that does to each request what the test says, and the adapter pointed at it. */
  async function against(onRequest: (socket: Socket, request: string) => void, times = PATIENT) {
    const requests: string[] = [];
    const sockets = new Set<Socket>();
    const server = createServer((socket) => {
      sockets.add(socket);
      socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
      let request = '';
      socket.on('data', (chunk) => {
        request += chunk.toString('utf8');
        const [head = '', body = ''] = request.split('\r\n\r\n');
        const length = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0);
        if (!request.includes('\r\n\r\n') || Buffer.byteLength(body) < length) return;
        requests.push(request);
        onRequest(socket, request);
        request = '';
      });
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    const channel = await startChannel(database, { graphUrl: `http://127.0.0.1:${port}`, times });
    opened.push({ server, channel });
    server.on('close', () => sockets.forEach((socket) => socket.destroy()));
    const send = (): Promise<SendOutcome> => channel.get(MetaWhatsApp).send(FROM, message());
    return { channel, send, requests, sockets };
  }

  it('is accepted when the answer names the message; the token goes in the header, never in the address (S0.4)', async () => {
    const { send, requests } = await against((socket) => socket.write(http('200 OK', ACCEPTED)));
    expect(await send()).toEqual({ kind: 'accepted', wamid: 'wamid.1' });
    expect(requests[0]).toMatch(/^POST \/v24\.0\/1001\/messages HTTP\/1\.1\r\n/);
    expect(requests[0]).toMatch(/\r\nauthorization: Bearer mock_1001\r\n/i);
  });

  const LOST: [what: string, does: (socket: Socket) => void, code: RegExp][] = [
    [
      'the connection is reset after the request was read',
      (socket) => socket.resetAndDestroy(),
      /ECONNRESET|UND_ERR_SOCKET/,
    ],
    ['the connection is closed without an answer', (socket) => socket.destroy(), /UND_ERR_SOCKET|ECONNRESET/],
    ['nothing is answered until the deadline', () => undefined, /DEADLINE/],
    [
      'the head comes and the body does not',
      (socket) => socket.write(http('200 OK', ACCEPTED).slice(0, -20)),
      /DEADLINE/,
    ],
    ['the body is cut off', (socket) => socket.end(http('200 OK', ACCEPTED).slice(0, -20)), /UND_ERR|ECONNRESET/],
    ['the answer is not JSON', (socket) => socket.write(http('200 OK', '<html>')), /NO_JSON/],
    ['the answer is not HTTP', (socket) => socket.end('garbage\r\n\r\n'), /HPE|UND_ERR|NETWORK_FAULT/],
    [
      'a proxy answers 502 with a page',
      (socket) => socket.write(http('502 Bad Gateway', '<html>Sorry</html>')),
      /NO_JSON/,
    ],
    ['the answer is endless', (socket) => void flood(socket), /ANSWER_TOO_LARGE/],
    ['the answer names no message', (socket) => socket.write(http('200 OK', '{}')), /NO_MESSAGE_ID/],
  ];
  it.each(LOST)('is unknown when %s', async (_what, does, code) => {
    const { send, requests } = await against(does, code.test('DEADLINE') ? HASTY : PATIENT);
    const outcome = await send();
    expect(outcome).toMatchObject({
      kind: 'unknown',
      soft: false,
      error: { code: expect.stringMatching(code) as string },
    });
    expect(requests).toHaveLength(1);
  });

  it('is not sent when nobody listens', async () => {
    const channel = await startChannel(database, { graphUrl: 'http://127.0.0.1:1' });
    opened.push({ server: undefined, channel });
    expect(await channel.get(MetaWhatsApp).send(FROM, message())).toMatchObject({
      kind: 'not-sent',
      error: { code: 'ECONNREFUSED' },
    });
  });

  it('is not sent when the name does not resolve', async () => {
    const channel = await startChannel(database, { graphUrl: 'http://graph.invalid' });
    opened.push({ server: undefined, channel });
    expect(await channel.get(MetaWhatsApp).send(FROM, message())).toMatchObject({
      kind: 'not-sent',
      error: { code: expect.stringMatching(/ENOTFOUND|EAI_AGAIN/) as string },
    });
  });

  it('is not sent when TLS fails', async () => {
    const { requests } = await against(() => undefined);
    const { port } = opened[0]!.server!.address() as { port: number };
    const channel = await startChannel(database, {
      graphUrl: `https://127.0.0.1:${port}`,
      times: { deadline: 1_000, connect: 300 },
    });
    opened.push({ server: undefined, channel });
    opened[0]!.server!.on('connection', (socket: Socket) => socket.end('this is no TLS'));
    expect(await channel.get(MetaWhatsApp).send(FROM, message())).toMatchObject({ kind: 'not-sent' });
    expect(requests).toEqual([]);
  });

  it('is deferred when half its time went by without a free connection, and is not sent later either', async () => {
    const { send, requests } = await against(() => undefined, { deadline: 2_000, connect: 900 });
    const outcomes = await Promise.all(Array.from({ length: 200 }, send));
    const count = (kind: string): number => outcomes.filter((outcome) => outcome.kind === kind).length;
    expect(count('deferred')).toBeGreaterThanOrEqual(200 - 128);
    // Whatever the server has read was begun, so it is called neither "deferred" nor "not sent".
    expect(requests.length).toBeLessThanOrEqual(count('unknown'));
    expect(count('unknown')).toBeGreaterThan(0);
  });

  it('follows no redirect: the token stays where it was sent', async () => {
    let elsewhere = 0;
    const other = await against((socket) => void (elsewhere++, socket.write(http('200 OK', ACCEPTED))));
    const { port } = opened[0]!.server!.address() as { port: number };
    const { send } = await against((socket) =>
      socket.write(http('307 Temporary Redirect', '', { location: `http://127.0.0.1:${port}/v24.0/1001/messages` })),
    );
    expect(await send()).toMatchObject({ kind: 'unknown' });
    expect([elsewhere, other.requests.length]).toEqual([0, 0]);
  });

  it('keeps its connections: a hundred messages, one after another, over one or two', async () => {
    let connections = 0;
    const { send } = await against((socket) => socket.write(http('200 OK', ACCEPTED)));
    opened.at(-1)!.server!.on('connection', () => connections++);
    for (let n = 0; n < 100; n++) expect(await send()).toMatchObject({ kind: 'accepted' });
    expect(connections).toBeLessThanOrEqual(2);
  });

  it('is not begun when the signal was aborted before', async () => {
    const { channel, requests } = await against((socket) => socket.write(http('200 OK', ACCEPTED)));
    expect(await channel.get(MetaWhatsApp).send(FROM, message(), AbortSignal.abort())).toMatchObject({
      kind: 'deferred',
    });
    expect(requests).toEqual([]);
  });

  it('never happens inside a transaction', async () => {
    const { channel, requests } = await against((socket) => socket.write(http('200 OK', ACCEPTED)));
    const inside = channel
      .get(TenantScope)
      .run(FROM.tenantId, () =>
        channel.get(UnitOfWork).run(() => channel.get(GraphClient).request({ method: 'GET', path: 'me' })),
      );
    await expect(inside).rejects.toThrow('inside a transaction');
    expect(requests).toEqual([]);
  });

  it('leaves no connection behind when the process stops', async () => {
    const { channel, sockets, send } = await against((socket) => socket.write(http('200 OK', ACCEPTED)));
    await send();
    await channel.close();
    opened.pop()!.server!.close();
    await until(() => sockets.size === 0);
  });
});

function flood(socket: Socket): void {
  socket.write('HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n');
  const chunk = `10000\r\n${'x'.repeat(0x10000)}\r\n`;
  for (let n = 0; n < 20; n++) socket.write(chunk);
}
