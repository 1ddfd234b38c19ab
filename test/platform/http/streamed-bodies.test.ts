import fastify, { type FastifyInstance } from 'fastify';
import { once } from 'node:events';
import { type AddressInfo, connect, type Socket } from 'node:net';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { acceptStream, endSlowBodies } from '../../../src/platform/http/streamed-bodies.js';

const PATIENCE = { whole: 300, silence: 300 };

describe('A body that does not come (F61)', () => {
  let server: FastifyInstance;

  beforeAll(async () => {
    server = fastify();
    acceptStream(server, 'text/csv');
    endSlowBodies(server, PATIENCE);
    server.post('/json', async () => {
      await delay(2 * PATIENCE.whole);
      return 'done';
    });
    server.post('/csv', { config: { streams: 'text/csv' } }, async ({ body }) => text(body as Readable));
    await server.listen({ port: 0, host: '127.0.0.1' });
  });
  afterAll(() => server.close());

  function begin(path: string, type: string, length: number): Socket {
    const socket = connect((server.server.address() as AddressInfo).port, '127.0.0.1');
    socket.write(
      `POST ${path} HTTP/1.1\r\nhost: x\r\ncontent-type: ${type}\r\ncontent-length: ${length}\r\nconnection: close\r\n\r\n`,
    );
    return socket;
  }

  it('ends its request with 408', async () => {
    const socket = begin('/json', 'application/json', 10);
    socket.write('{');
    expect(await text(socket)).toMatch(/^HTTP\/1\.1 408 /);
  });

  it('says nothing of how long the answer takes', async () => {
    const socket = begin('/json', 'application/json', 2);
    socket.write('{}');
    expect(await text(socket)).toMatch(/^HTTP\/1\.1 200 .*done$/s);
  });

  it('may take its time where it is streamed, as long as it goes on', async () => {
    const socket = begin('/csv', 'text/csv', 6);
    for (const part of ['a', 'b', '\n', '1', '2', '\n']) {
      socket.write(part);
      await delay(PATIENCE.silence / 3);
    }
    expect(await text(socket)).toMatch(/ab\n12\n$/);
  });

  it('ends a streamed request that stands still', async () => {
    const socket = begin('/csv', 'text/csv', 6);
    socket.on('error', () => undefined).write('a');
    await once(socket, 'close');
  });

  it('is refused by routes that do not take it', async () => {
    const answer = await server.inject({
      method: 'POST',
      url: '/json',
      payload: 'a',
      headers: { 'content-type': 'text/csv' },
    });
    expect(answer.statusCode).toBe(415);
  });
});
