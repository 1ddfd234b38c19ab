import { once } from 'node:events';
import { Readable } from 'node:stream';
import sharp from 'sharp';
import { SafeFetch } from '../../src/platform/media-store/safe-fetch.js';
import { mediaKey, MediaStore } from '../../src/platform/media-store/media-store.js';
import { MediaRig, type Merchant, StandIn, TOKEN } from './media-rig.js';

let rig: MediaRig;
let merchant: Merchant;
let picture: Buffer;
let outside: StandIn;
beforeAll(async () => {
  rig = await MediaRig.open();
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

describe("A customer's file (S1.5, S1.44)", () => {
  it('is fetched with its message and kept, and opens by a link that ends (S1.97, C57)', async () => {
    rig.file('1', picture);
    const id = await rig.arrive(merchant, '1', picture);
    expect(await rig.row(merchant, id)).toMatchObject({ state: 'pending' });
    await rig.fetch(merchant);
    expect(await rig.row(merchant, id)).toEqual({
      state: 'stored',
      code: null,
      mime_type: 'image/jpeg',
      size: String(picture.length),
    });
    const { body } = await rig.call<{ url: string }>('GET', `/v1/media/${id}`, merchant.apiKey);
    const content = await rig.call('GET', body.url);
    expect(content.status).toBe(200);
    expect(content.bytes).toEqual(picture);
    expect(content.headers).toMatchObject({ 'x-content-type-options': 'nosniff' });
    expect((await rig.call('GET', body.url.replace('seal=', 'seal=x'))).status).toBe(404);
    const part = await rig.call('GET', body.url, undefined, undefined, { range: 'bytes=2-5' });
    expect({ status: part.status, bytes: part.bytes }).toEqual({ status: 206, bytes: picture.subarray(2, 6) });
    rig.clock.advance(11 * 60_000);
    expect((await rig.call('GET', body.url)).status).toBe(404);
  });

  it('is unknown to another merchant', async () => {
    const other = await rig.merchant();
    rig.file('2', picture);
    const id = await rig.arrive(merchant, '2', picture);
    await rig.fetch(merchant);
    expect((await rig.call('GET', `/v1/media/${id}`, other.apiKey)).status).toBe(404);
    expect((await rig.call('POST', `/v1/media/${id}/fetch`, other.apiKey)).status).toBe(404);
    const { body } = await rig.call<{ url: string }>('GET', `/v1/media/${id}`, merchant.apiKey);
    expect((await rig.call('GET', body.url.replace(merchant.tenantId, other.tenantId))).status).toBe(404);
  });

  it('whose link has expired is asked for anew, within the try and later', async () => {
    rig.graph.json('/v24.0/3', { url: `${rig.graph.url}/files/over`, mime_type: 'image/jpeg' });
    const id = await rig.arrive(merchant, '3');
    await rig.fetch(merchant);
    expect(await rig.row(merchant, id)).toMatchObject({ state: 'pending', code: 'LINK_EXPIRED' });
    expect(rig.graph.hits.filter(({ path }) => path === '/v24.0/3')).toHaveLength(2);
    rig.file('3', picture);
    await rig.fetch(merchant);
    expect(await rig.row(merchant, id)).toMatchObject({ state: 'stored', code: null });
  });

  it('with a wrong digest is given up after three tries, and can be tried again', async () => {
    rig.file('4', Buffer.from('something else'));
    const id = await rig.arrive(merchant, '4', picture);
    for (let n = 0; n < 3; n++) await rig.fetch(merchant);
    expect(await rig.row(merchant, id)).toMatchObject({ state: 'failed', code: 'HASH_MISMATCH' });
    expect(
      await rig.in(merchant.tenantId, () => rig.get(MediaStore).get(mediaKey(merchant.tenantId, id))),
    ).toBeUndefined();
    expect(await rig.sql(merchant.tenantId, `select reason from dead_letter where subject_id = $1`, [id])).toEqual([
      { reason: 'HASH_MISMATCH' },
    ]);
    rig.file('4', picture);
    expect((await rig.call('POST', `/v1/media/${id}/fetch`, merchant.apiKey)).status).toBe(202);
    await rig.fetch(merchant);
    expect(await rig.row(merchant, id)).toMatchObject({ state: 'stored' });
  });

  it('is tried again when Meta answers 5xx or breaks off', async () => {
    rig.file('5', picture);
    rig.graph.routes.set('/files/5', (_request, response) => void response.writeHead(503).end());
    const id = await rig.arrive(merchant, '5', picture);
    await rig.fetch(merchant);
    expect(await rig.row(merchant, id)).toMatchObject({ state: 'pending', code: 'PROVIDER_ERROR' });
    rig.graph.routes.set('/files/5', (_request, response) => {
      response.writeHead(200, { 'content-length': '1000' }).write('half');
      setTimeout(() => response.destroy(), 20);
    });
    await rig.fetch(merchant);
    expect(await rig.row(merchant, id)).toMatchObject({ state: 'pending', code: 'NETWORK' });
  });

  it('that never ends, or is slow, is cut off', async () => {
    rig.graph.routes.set('/slow', (_request, response) => void response.writeHead(200).write('a'));
    const slow = await rig.get(SafeFetch).fetch(`${rig.graph.url}/slow`, { maxBytes: 10, deadline: 200 });
    if (slow.kind !== 'file') throw new Error(slow.kind);
    await expect(slow.bytes.toArray()).rejects.toMatchObject({ code: 'DEADLINE' });
    rig.graph.routes.set('/long', (_request, response) => void response.writeHead(200).end('a'.repeat(100)));
    const long = await rig.get(SafeFetch).fetch(`${rig.graph.url}/long`, { maxBytes: 10, deadline: 2000 });
    if (long.kind !== 'file') throw new Error(long.kind);
    await expect(long.bytes.toArray()).rejects.toMatchObject({ code: 'TOO_LARGE' });
  });

  it('of 100 MB is kept, and one byte more is refused', async () => {
    const chunk = Buffer.alloc(1024 * 1024, 'a');
    const serve = (extra: number) => {
      rig.file('6', chunk);
      rig.graph.json('/v24.0/6', { url: `${rig.graph.url}/files/6`, mime_type: 'text/plain' });
      rig.graph.routes.set('/files/6', async (_request, response) => {
        const gone = once(response, 'close');
        for (let n = 0; n < 100; n++) if (!response.write(chunk)) await Promise.race([once(response, 'drain'), gone]);
        response.end(Buffer.alloc(extra));
      });
    };
    serve(0);
    const id = await rig.arrive(merchant, '6');
    await rig.fetch(merchant);
    expect(await rig.row(merchant, id)).toMatchObject({ state: 'stored', size: String(100 * 1024 * 1024) });
    serve(1);
    const larger = await rig.arrive(merchant, '6');
    await rig.fetch(merchant);
    expect(await rig.row(merchant, larger)).toMatchObject({ state: 'failed', code: 'TOO_LARGE' });
  });

  it('that says it is a JPEG and is SVG or HTML is a download, and nothing in it runs', async () => {
    for (const [n, text] of [
      '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
      '<html><script>alert(1)</script></html>',
    ].entries()) {
      rig.file(`7${n}`, Buffer.from(text));
      const id = await rig.arrive(merchant, `7${n}`, Buffer.from(text));
      await rig.fetch(merchant);
      const { body } = await rig.call<{ url: string; mimeType: string }>('GET', `/v1/media/${id}`, merchant.apiKey);
      expect(body.mimeType).not.toBe('image/jpeg');
      const { headers } = await rig.call('GET', body.url);
      expect(headers['content-disposition']).toMatch(/^attachment/);
      expect(headers['content-security-policy']).toContain('sandbox');
    }
  });

  it('is fetched again when the process died between the store and the books', async () => {
    rig.file('8', picture);
    const id = await rig.arrive(merchant, '8', picture);
    await rig.get(MediaStore).put(mediaKey(merchant.tenantId, id), Readable.from([Buffer.from('half of it')]), {
      maxBytes: 100,
      mimeType: 'x/y',
    });
    await rig.fetch(merchant);
    expect(await rig.row(merchant, id)).toMatchObject({ state: 'stored', size: String(picture.length) });
  });

  it('waits while the token is refused', async () => {
    const other = await rig.merchant();
    rig.graph.json('/v24.0/9', { error: { code: 190, message: 'Invalid token' } }, 401);
    const id = await rig.arrive(other, '9');
    await rig.fetch(other);
    expect(await rig.row(other, id)).toMatchObject({ state: 'pending', code: 'CREDENTIAL' });
    await rig.fetch(other);
    expect(rig.graph.hits.filter(({ path }) => path === '/v24.0/9')).toHaveLength(1);
  });
});

describe('No token leaves for a place that is not Meta (F58)', () => {
  it.each([
    ['another port of this machine', () => `${outside.url}/x`],
    ['the metadata service', () => 'http://169.254.169.254/latest/meta-data'],
    ['a spelling of loopback', () => 'https://0x7f.1/x'],
    ['IPv4 within IPv6', () => 'https://[::ffff:127.0.0.1]/x'],
    ['a stranger with a password', () => 'https://user:pw@lookaside.fbsbx.com/x'],
    ['a stranger', () => 'https://lookaside.fbsbx.com.evil.example/x'],
    ['a file', () => 'file:///etc/passwd'],
    ["a name of Meta's that points to this machine", () => 'https://evil.whatsapp.net/x'],
    ["another port of Meta's", () => 'https://lookaside.fbsbx.com:8443/x'],
  ])('%s', async (_, link) => {
    rig.names.set('evil.whatsapp.net', '127.0.0.1');
    rig.graph.json('/v24.0/20', { url: link(), mime_type: 'image/jpeg' });
    const id = await rig.arrive(merchant, '20');
    await rig.fetch(merchant);
    expect(await rig.row(merchant, id)).toMatchObject({ state: 'pending', code: 'HOST_REFUSED' });
    for (let n = 0; n < 2; n++) await rig.fetch(merchant);
    expect(await rig.row(merchant, id)).toMatchObject({ state: 'failed', code: 'HOST_REFUSED' });
    expect(outside.hits).toEqual([]);
  });

  it('nor by a redirect', async () => {
    rig.file('21', picture);
    rig.graph.routes.set(
      '/files/21',
      (_request, response) => void response.writeHead(302, { location: `${outside.url}/x` }).end(),
    );
    const id = await rig.arrive(merchant, '21');
    await rig.fetch(merchant);
    expect(await rig.row(merchant, id)).toMatchObject({ state: 'pending', code: 'REDIRECTED' });
    expect(outside.hits).toEqual([]);
    expect(rig.graph.hits.find(({ path }) => path === '/files/21')?.bearer).toBe(`Bearer ${TOKEN}`);
  });
});
