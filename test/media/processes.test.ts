import { type ChildProcess, execFile } from 'node:child_process';
import { createHash, createHmac, randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm, utimes } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { once } from 'node:events';
import { buffer } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { newId } from '../../src/kernel/ids.js';
import { type Merchant, Rig } from '../journeys/rig.js';
import { APP_SECRET } from '../setup/config.js';
import { until } from '../setup/until.js';
import { StandIn } from './media-rig.js';

const MB = 1024 * 1024;
/** A lane whose worker was killed is another's after half a minute, and so is a message that it had claimed. */
const PATIENCE = { within: 120_000 };

interface FileRow {
  id: string;
  state: string;
  size: string | null;
  code: string | null;
}

let graph: StandIn;
let rig: Rig;
let merchant: Merchant;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nodue-media-'));
  graph = await new StandIn().start();
  // All of Meta but its files is the sandbox.
  graph.otherwise = (request, response) => passOn(request, response, rig.sandboxUrl);
  rig = await Rig.start({ workers: 1, environment: { WHATSAPP_GRAPH_URL: graph.url, NODUE_DATA_DIR: folder } });
  merchant = await rig.merchant();
}, 180_000);
afterAll(async () => {
  await rig.stop();
  await graph.stop();
  await rm(folder, { recursive: true, force: true });
});

async function passOn(request: IncomingMessage, response: ServerResponse, to: string): Promise<void> {
  const body = await buffer(request);
  const { authorization, 'content-type': type } = request.headers;
  const answer = await fetch(`${to}${request.url}`, {
    method: request.method ?? 'GET',
    headers: { ...(authorization && { authorization }), ...(type && { 'content-type': type }) },
    ...(body.length > 0 && { body }),
  });
  const headers = { 'content-type': answer.headers.get('content-type') ?? 'text/plain' };
  response.writeHead(answer.status, headers).end(Buffer.from(await answer.arrayBuffer()));
}

/** Text without end but for its size; never whole in memory. */
function text(size: number): Readable {
  const chunk = Buffer.alloc(64 * 1024, 'All work and no play. ');
  return Readable.from(
    (function* () {
      for (let left = size; left > 0; left -= chunk.length) yield chunk.subarray(0, Math.min(left, chunk.length));
    })(),
    { objectMode: false },
  );
}

async function digest(size: number): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of text(size)) hash.update(chunk as Buffer);
  return hash.digest('base64');
}

/** Meta reports a document of a customer. @returns its file in the books */
async function arrive(id: string, size: number): Promise<() => Promise<FileRow>> {
  const wamid = `wamid.${newId()}`;
  const document = { id, mime_type: 'text/plain', sha256: await digest(size), filename: `${id}.txt` };
  const message = {
    from: '919800000001',
    id: wamid,
    timestamp: String(Math.floor(Date.now() / 1000)),
    type: 'document',
    document,
  };
  const body = JSON.stringify({
    object: 'whatsapp_business_account',
    entry: [
      {
        id: merchant.wabaId,
        changes: [
          {
            field: 'messages',
            value: {
              messaging_product: 'whatsapp',
              metadata: { display_phone_number: '919999999999', phone_number_id: merchant.phoneNumberId },
              contacts: [{ profile: { name: 'Asha' }, wa_id: '919800000001' }],
              messages: [message],
            },
          },
        ],
      },
    ],
  });
  graph.json(`/v24.0/${id}`, { url: `${graph.url}/files/${id}`, mime_type: 'text/plain', file_size: size });
  const signature = `sha256=${createHmac('sha256', APP_SECRET).update(body).digest('hex')}`;
  const answer = await fetch(`${rig.apiUrl}/whatsapp/webhook`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-hub-signature-256': signature },
    body,
  });
  expect(answer.status).toBe(200);
  return async () =>
    (
      await rig.sql<FileRow>(
        `select f.id, f.state, f.size::text as size, f.failure ->> 'code' as code
         from media f join message m on m.tenant_id = f.tenant_id and m.id = f.message_id where m.wamid = $1`,
        [wamid],
      )
    )[0]!;
}

function serve(id: string, size: number): void {
  graph.routes.set(`/files/${id}`, (_, response) => void text(size).pipe(response.writeHead(200)));
}

async function upload(size: number): Promise<Response> {
  const head =
    '--b\r\ncontent-disposition: form-data; name="file"; filename="a.txt"\r\ncontent-type: text/plain\r\n\r\n';
  const form = Readable.from(
    (async function* () {
      yield Buffer.from(head);
      yield* text(size);
      yield Buffer.from('\r\n--b--\r\n');
    })(),
    { objectMode: false },
  );
  return fetch(`${rig.apiUrl}/v1/media`, {
    method: 'POST',
    headers: { authorization: `Bearer ${merchant.apiKey}`, 'content-type': 'multipart/form-data; boundary=b' },
    body: form,
    duplex: 'half',
  });
}

const INCOMING = ['media/.incoming', 'media-incoming'];
const onTheirWay = async (): Promise<string[]> =>
  (
    await Promise.all(
      INCOMING.map(async (path) => {
        const names = await readdir(join(folder, path)).catch((): string[] => []);
        return names.map((name) => join(folder, path, name));
      }),
    )
  ).flat();
/** What lies there was written three hours ago. */
const grow = async (): Promise<void> => {
  const then = Date.now() / 1000 - 3 * 3600;
  for (const path of await onTheirWay()) await utimes(path, then, then);
};

/** The most that a process had in memory above what it had before, in MB. */
async function growth(child: ChildProcess, work: () => Promise<void>): Promise<number> {
  const before = await residentOf(child);
  let [peak, isOver] = [before, false];
  const watch = (async () => {
    while (!isOver) peak = Math.max(peak, await residentOf(child));
  })();
  await work().finally(() => (isOver = true));
  await watch;
  return (peak - before) / 1024;
}

async function residentOf({ pid }: ChildProcess): Promise<number> {
  const { stdout } = await promisify(execFile)('ps', ['-o', 'rss=', '-p', String(pid)]);
  return Number(stdout);
}

describe('A file of 100 MB takes little memory (S1.5, S1.42, F59)', () => {
  it('on its way in', async () => {
    const fetched = async (id: string, size: number): Promise<void> => {
      serve(id, size);
      const row = await arrive(id, size);
      await until(async () => (await row()).state === 'stored', PATIENCE);
      expect(await row()).toMatchObject({ size: String(size), code: null });
    };
    await fetched('warm', 20 * MB);
    expect(await growth(rig.workers[0]!, () => fetched('large', 100 * MB))).toBeLessThan(60);
  }, 240_000);

  it('on its way out, from the form to Meta', async () => {
    let uploaded = 0;
    let count = 0;
    graph.routes.set(`/v24.0/${merchant.phoneNumberId}/media`, async (request, response) => {
      uploaded = 0;
      for await (const chunk of request) uploaded += (chunk as Buffer).length;
      response.writeHead(200, { 'content-type': 'application/json' }).end(`{"id":"${++count}${Date.now()}"}`);
    });
    const sent = async (size: number): Promise<void> => {
      const answer = await upload(size);
      expect(answer.status).toBe(201);
      const { mediaId } = (await answer.json()) as { mediaId: string };
      await converse({ type: 'document', media: { mediaId }, filename: 'a.txt' });
      await until(() => uploaded > size, PATIENCE);
    };
    await sent(20 * MB);
    const [api, worker] = [rig.api, rig.workers[0]!];
    let inWorker = 0;
    const inApi = await growth(api, async () => {
      inWorker = await growth(worker, () => sent(100 * MB));
    });
    expect({ api: inApi < 60, worker: inWorker < 60, inApi, inWorker }).toMatchObject({ api: true, worker: true });
  }, 240_000);
});

/** Sends in the conversation with the customer. */
async function converse(body: object): Promise<{ id: string }> {
  const list = await rig.call<{ data: { id: string }[] }>('GET', '/v1/conversations', merchant.apiKey);
  const said = await rig.call<{ id: string }>(
    'POST',
    `/v1/conversations/${list.body.data[0]!.id}/messages`,
    merchant.token,
    body,
  );
  expect(said).toMatchObject({ status: 202 });
  return said.body;
}

describe('A process that is killed', () => {
  it('in the middle of a fetch: another fetches the file, and nothing stays of the half (S1.5, F10)', async () => {
    const size = 3 * MB;
    let [asked, open] = [0, (): void => undefined];
    const held = new Promise<void>((resolve) => (open = resolve));
    graph.routes.set('/files/killed', async (_, response) => {
      asked++;
      response.writeHead(200);
      if (asked === 1) {
        response.write(Buffer.alloc(MB, 'a'));
        await Promise.race([held, once(response, 'close')]);
      } else text(size).pipe(response);
    });
    const row = await arrive('killed', size);
    await until(async () => asked === 1 && (await onTheirWay()).length === 1, PATIENCE);
    await rig.kill(rig.workers[0]!);
    open();
    expect(await row()).toMatchObject({ state: 'pending' });
    rig.startWorker();
    await until(async () => (await row()).state === 'stored', PATIENCE);
    expect(await row()).toMatchObject({ size: String(size) });
    const stored = await readdir(join(folder, 'media', merchant.tenantId));
    expect(stored).toContain((await row()).id);

    expect(await onTheirWay()).toHaveLength(1);
    await grow();
    await rig.end(rig.workers[0]!);
    rig.startWorker();
    await until(async () => (await onTheirWay()).length === 0, PATIENCE);
  }, 240_000);

  it('in the middle of an upload: the file is not there, can be sent again, and nothing stays of the half (S1.42)', async () => {
    const kept = (): Promise<string[]> => readdir(join(folder, 'media', merchant.tenantId)).catch(() => []);
    const known = await kept();
    const form = new ReadableStream({
      start(controller) {
        controller.enqueue(
          Buffer.from(
            '--b\r\ncontent-disposition: form-data; name="file"; filename="b.txt"\r\ncontent-type: text/plain\r\n\r\n',
          ),
        );
        controller.enqueue(Buffer.alloc(MB, 'b'));
      },
    });
    const broken = fetch(`${rig.apiUrl}/v1/media`, {
      method: 'POST',
      headers: { authorization: `Bearer ${merchant.apiKey}`, 'content-type': 'multipart/form-data; boundary=b' },
      body: form,
      duplex: 'half',
    }).catch(() => 'broken');
    await until(async () => (await onTheirWay()).length === 1, PATIENCE);
    await rig.kill(rig.api);
    expect(await broken).toBe('broken');
    expect(await kept()).toEqual(known);
    await grow();
    rig.startApi('api');
    await rig.untilReady();
    expect(await onTheirWay()).toEqual([]);
    for (const size of [1, 1000, MB + 1]) expect((await upload(size)).status).toBe(201);
  }, 240_000);

  it('while it puts a file at Meta: the message is seen as one that may have left, and is sent when a person says so (S1.78)', async () => {
    serve('opening', 10);
    const row = await arrive('opening', 10);
    await until(async () => (await row()).state === 'stored', PATIENCE);
    const { mediaId } = (await (await upload(2 * MB + Math.floor(Math.random() * 1000))).json()) as { mediaId: string };
    let asked = 0;
    graph.routes.set(`/v24.0/${merchant.phoneNumberId}/media`, async (request, response) => {
      if (++asked === 1) return void (await once(response, 'close'));
      request.resume();
      await once(request, 'end');
      // The sandbox must know what is sent.
      const form = new FormData();
      form.set('messaging_product', 'whatsapp');
      form.set('type', 'text/plain');
      form.set('file', new Blob([randomBytes(10).toString('hex')], { type: 'text/plain' }), 'a.txt');
      const { authorization = '' } = request.headers;
      const answer = await fetch(`${rig.sandboxUrl}${request.url}`, {
        method: 'POST',
        headers: { authorization },
        body: form,
      });
      response.writeHead(answer.status, { 'content-type': 'application/json' }).end(await answer.text());
    });
    const before = (await rig.ledger()).length;
    const { id } = await converse({
      type: 'document',
      media: { mediaId },
      filename: 'bill.txt',
      caption: 'Your bill',
    });
    await until(() => asked === 1, PATIENCE);
    await rig.kill(rig.workers[0]!);
    rig.startWorker();
    const message = async (): Promise<{ state: string; code: string | null } | undefined> =>
      (
        await rig.sql<{ state: string; code: string | null }>(
          `select state, failure ->> 'code' as code from message where id = $1::uuid`,
          [id],
        )
      )[0];
    const posted = async (): Promise<string[]> => (await rig.ledger()).slice(before).map(({ type }) => type);
    await until(async () => (await message())?.state === 'parked', PATIENCE);
    expect({ ...(await message()), posted: await posted() }).toMatchObject({ code: 'PROCESS_LOST', posted: [] });
    expect((await rig.call('POST', `/v1/messages/${id}/resend`, merchant.token)).status).toBe(202);
    await until(async () => (await posted()).length > 0, PATIENCE);
    expect({ posted: await posted(), asked }).toEqual({ posted: ['document'], asked: 2 });
  }, 300_000);
});
