import { readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import sharp from 'sharp';
import { DialledSafeFetch } from '../../src/platform/media-store/dialled-safe-fetch.js';
import { type FetchedFile, type FetchLimits, SafeFetch } from '../../src/platform/media-store/safe-fetch.js';
import { until } from '../setup/until.js';
import { MediaRig, type Merchant, StandIn, TOKEN } from './media-rig.js';

interface View {
  state: string;
  failure: { code: string; detail: string } | null;
  mimeType: string;
  url: string | null;
}

/** As the product's own, with ten minutes made short. */
class HastyFetch extends DialledSafeFetch {
  readonly deadlines: number[] = [];
  patience = 30_000;

  override fetch(url: string, limits: FetchLimits): Promise<FetchedFile> {
    this.deadlines.push(limits.deadline);
    return super.fetch(url, { ...limits, deadline: this.patience });
  }
}

let rig: MediaRig;
let merchant: Merchant;
let outside: StandIn;
let picture: Buffer;
let ids = 0;
beforeAll(async () => {
  rig = await MediaRig.open((module) => module.overrideProvider(SafeFetch).useClass(HastyFetch));
  outside = await new StandIn().start();
  merchant = await rig.merchant();
  picture = await sharp({ create: { width: 8, height: 8, channels: 3, background: 'red' } })
    .jpeg()
    .toBuffer();
});
afterAll(async () => {
  await outside.stop();
  await rig.close();
});

/** A picture that Meta has, under a link that ends in `/files/<id>`. @returns its id there */
const atMeta = (): string => {
  const id = `f${++ids}`;
  rig.file(id, picture);
  return id;
};
const at = (id: string): string => `/files/${id}`;
const view = async (mediaId: string): Promise<View> =>
  (await rig.call<View>('GET', `/v1/media/${mediaId}`, merchant.apiKey)).body;
const told = async (mediaId: string): Promise<string[]> =>
  (
    await rig.sql<{ state: string }>(
      merchant.tenantId,
      `select payload -> 'media' ->> 'state' as state from tenant_event where payload -> 'media' ->> 'mediaId' = $1 order by id`,
      [mediaId],
    )
  ).map(({ state }) => state);
const letters = (mediaId: string): Promise<{ reason: string }[]> =>
  rig.sql(merchant.tenantId, 'select reason from dead_letter where subject_id = $1', [mediaId]);
const hasty = (): HastyFetch => rig.get(SafeFetch) as HastyFetch;

/** Each of what can go wrong with a customer's file, as Meta or whoever stands in between does it. */
const FAULTS: [name: string, arrange: (id: string) => void, code: string, patience: number][] = [
  [
    'its link has expired (404)',
    (id) => rig.graph.routes.set(at(id), (_, response) => void response.writeHead(404).end()),
    'LINK_EXPIRED',
    Infinity,
  ],
  [
    'its link has expired (403)',
    (id) => rig.graph.routes.set(at(id), (_, response) => void response.writeHead(403).end()),
    'LINK_EXPIRED',
    Infinity,
  ],
  [
    'its bytes are others than were announced',
    (id) => rig.graph.routes.set(at(id), (_, response) => void response.end('other bytes')),
    'HASH_MISMATCH',
    3,
  ],
  [
    'its host answers 503',
    (id) => rig.graph.routes.set(at(id), (_, response) => void response.writeHead(503).end()),
    'PROVIDER_ERROR',
    Infinity,
  ],
  [
    'its host answers 429',
    (id) => rig.graph.routes.set(at(id), (_, response) => void response.writeHead(429).end()),
    'PROVIDER_ERROR',
    Infinity,
  ],
  ['its host never answers', (id) => rig.graph.routes.set(at(id), () => undefined), 'DEADLINE', Infinity],
  [
    'its bytes trickle',
    (id) =>
      rig.graph.routes.set(at(id), async (_, response) => {
        for (response.writeHead(200); !response.destroyed; await delay(20)) response.write('a');
      }),
    'DEADLINE',
    Infinity,
  ],
  [
    'its line breaks',
    (id) =>
      rig.graph.routes.set(at(id), (_, response) => {
        response.writeHead(200, { 'content-length': '1000' }).write('half', () => response.destroy());
      }),
    'NETWORK',
    Infinity,
  ],
  [
    'it says that it is larger than 100 MB',
    (id) =>
      rig.graph.routes.set(at(id), (_, response) => {
        response.writeHead(200, { 'content-length': String(100 * 1024 * 1024 + 1) }).write('a');
      }),
    'TOO_LARGE',
    1,
  ],
  [
    'Meta says so, too',
    (id) => rig.graph.json(`/v24.0/${id}`, { url: `${rig.graph.url}${at(id)}`, file_size: 2e9 }),
    'TOO_LARGE',
    1,
  ],
  [
    'it is sent on to the metadata service',
    (id) =>
      rig.graph.routes.set(
        at(id),
        (_, response) => void response.writeHead(302, { location: 'http://169.254.169.254/latest/meta-data/' }).end(),
      ),
    'REDIRECTED',
    3,
  ],
  [
    'its link leads to the metadata service',
    (id) => rig.graph.json(`/v24.0/${id}`, { url: 'http://169.254.169.254/latest/meta-data/' }),
    'HOST_REFUSED',
    3,
  ],
  [
    'its link leads to a stranger',
    (id) => rig.graph.json(`/v24.0/${id}`, { url: `${outside.url}/files` }),
    'HOST_REFUSED',
    3,
  ],
  [
    'a name of Meta’s has an address at home beside a public one',
    (id) => {
      rig.names.set('two.whatsapp.net', '157.240.1.1', '10.0.0.1');
      rig.graph.json(`/v24.0/${id}`, { url: 'https://two.whatsapp.net/x' });
    },
    'HOST_REFUSED',
    3,
  ],
  [
    'Meta has it no more',
    (id) => rig.graph.json(`/v24.0/${id}`, { error: { code: 100, message: 'No such object' } }, 400),
    'GONE',
    3,
  ],
  ['Meta makes no sense', (id) => rig.graph.json(`/v24.0/${id}`, { hello: 'world' }), 'PROVIDER_ERROR', Infinity],
];

describe.each(FAULTS)("A customer's file of which %s (S1.5, S1.44, F10, F58)", (_, arrange, code, patience) => {
  it('is seen as what it is, tried again or given up with a word, and is there once Meta gives it', async () => {
    const id = atMeta();
    arrange(id);
    if (code === 'DEADLINE') hasty().patience = 400;
    const mediaId = await rig.arrive(merchant, id, picture);
    expect(await view(mediaId)).toMatchObject({ state: 'pending', failure: null, url: null });
    for (let n = 1; n <= Math.min(patience, 4); n++) {
      await rig.fetch(merchant);
      const state = n < patience ? 'pending' : 'failed';
      expect(await view(mediaId)).toMatchObject({ state, failure: { code }, url: null });
      expect((await view(mediaId)).failure?.detail).toMatch(/^[^/]{10,}$/);
    }
    const isOver = patience !== Infinity;
    expect(await letters(mediaId)).toEqual(isOver ? [{ reason: code }] : []);
    expect(await told(mediaId)).toEqual(isOver ? ['failed'] : []);
    expect(await rig.filesBehind(merchant, mediaId)).toEqual([]);

    rig.file(id, picture);
    hasty().patience = 30_000;
    if (isOver) expect((await rig.call('POST', `/v1/media/${mediaId}/fetch`, merchant.apiKey)).status).toBe(202);
    else expect((await rig.call('POST', `/v1/media/${mediaId}/fetch`, merchant.apiKey)).status).toBe(409);
    await rig.fetch(merchant);
    const stored = await view(mediaId);
    expect(stored).toMatchObject({ state: 'stored', failure: null, mimeType: 'image/jpeg' });
    expect((await rig.call('GET', stored.url!)).bytes).toEqual(picture);
    expect(await told(mediaId)).toEqual(isOver ? ['failed', 'stored'] : ['stored']);
  });
});

describe('While files are fetched', () => {
  it('no token went anywhere but to Meta, and each try had an end (F58)', () => {
    expect(outside.hits).toEqual([]);
    expect(new Set(rig.graph.hits.map(({ bearer }) => bearer))).toEqual(new Set([`Bearer ${TOKEN}`]));
    expect(new Set(hasty().deadlines)).toEqual(new Set([600_000]));
  });

  it('SVG that says it is a JPEG is kept as what it is, and is a download (S1.44, F59)', async () => {
    const id = atMeta();
    const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>');
    rig.file(id, svg);
    const mediaId = await rig.arrive(merchant, id, svg);
    await rig.fetch(merchant);
    const { mimeType, url } = await view(mediaId);
    expect(mimeType).toBe('image/svg+xml');
    expect((await rig.call('GET', url!)).headers['content-disposition']).toMatch(/^attachment/);
  });

  it('two workers make one file of one, and tell of it once (S1.44)', async () => {
    const id = atMeta();
    let waiting = 0;
    rig.graph.routes.set(at(id), async (_, response) => {
      waiting++;
      await until(() => waiting === 2);
      response.end(picture);
    });
    const mediaId = await rig.arrive(merchant, id, picture);
    await rig.makeDue(merchant);
    await Promise.all([rig.turn(merchant), rig.turn(merchant)]);
    expect(await view(mediaId)).toMatchObject({ state: 'stored' });
    expect(await told(mediaId)).toEqual(['stored']);
    expect(await rig.filesBehind(merchant, mediaId)).toHaveLength(1);
  });

  it('a worker that comes late with wrong bytes spoils nothing', async () => {
    const id = atMeta();
    let asked = 0;
    rig.graph.routes.set(at(id), async (_, response) => {
      if (++asked === 2) return void response.end(picture);
      await until(async () => (await view(mediaId)).state === 'stored');
      response.end('wrong bytes');
    });
    const mediaId = await rig.arrive(merchant, id, picture);
    await rig.makeDue(merchant);
    await Promise.all([rig.turn(merchant), rig.turn(merchant)]);
    expect(await told(mediaId)).toEqual(['stored']);
    expect((await rig.call('GET', (await view(mediaId)).url!)).bytes).toEqual(picture);
  });

  it('a stop lets go at once, and the file stays due', async () => {
    const id = atMeta();
    for (const begins of [false, true]) {
      const stop = new AbortController();
      let [came, gone] = [false, false];
      rig.graph.routes.set(at(id), (_, response) => {
        came = true;
        response.on('close', () => (gone = true));
        if (begins) response.writeHead(200).write('a');
      });
      const mediaId = await rig.arrive(merchant, id, picture);
      await rig.makeDue(merchant);
      const turn = rig.turn(merchant, stop.signal);
      await until(() => came);
      stop.abort();
      await turn;
      await until(() => gone);
      expect(await view(mediaId)).toMatchObject({ state: 'pending', failure: null });
      rig.file(id, picture);
      await rig.fetch(merchant);
      expect(await view(mediaId)).toMatchObject({ state: 'stored' });
    }
  });

  it('a store that cannot be written is seen, holds the file back, and takes it when it can (F41)', async () => {
    const id = atMeta();
    const [store, aside] = [join(rig.folder, 'media'), join(rig.folder, 'aside')];
    await rename(store, aside);
    await writeFile(store, '');
    const mediaId = await rig.arrive(merchant, id, picture);
    for (let n = 0; n < 5; n++) await rig.fetch(merchant);
    expect(await view(mediaId)).toMatchObject({ state: 'pending', failure: { code: 'STORE' } });
    const refused = await rig.upload<{ code: string }>(merchant.apiKey, Buffer.from('new text'), 'a.txt', 'text/plain');
    expect({ status: refused.status, code: refused.body.code, after: refused.headers['retry-after'] }).toEqual({
      status: 503,
      code: 'MEDIA_STORE_UNAVAILABLE',
      after: '5',
    });
    await rm(store);
    await rename(aside, store);
    await rig.fetch(merchant);
    expect(await view(mediaId)).toMatchObject({ state: 'stored' });
    expect((await rig.upload(merchant.apiKey, Buffer.from('new text'), 'a.txt', 'text/plain')).status).toBe(201);
    expect(await readdir(join(rig.folder, 'media-incoming'))).toEqual([]);
  });
});
