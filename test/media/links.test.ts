import { randomBytes } from 'node:crypto';
import sharp from 'sharp';
import { newId } from '../../src/kernel/ids.js';
import { mediaKey, MediaStore } from '../../src/platform/media-store/media-store.js';
import { SignedLinks } from '../../src/platform/media-store/signed-links.js';
import { MediaRig, type Merchant } from './media-rig.js';

interface Linked {
  mediaId: string;
  url: string;
  filename: string;
}

let rig: MediaRig;
let merchant: Merchant;
let bytes: Buffer;
let file: Linked;
beforeAll(async () => {
  rig = await MediaRig.open();
  merchant = await rig.merchant();
  const png = await sharp({ create: { width: 30, height: 30, channels: 3, background: 'green' } })
    .png()
    .toBuffer();
  file = (await rig.upload<Linked>(merchant.apiKey, png, 'a.png', 'image/png')).body;
  bytes = (await open(file.url)).bytes;
});
afterAll(() => rig.close());

const open = (url: string, headers: Record<string, string> = {}) => rig.call('GET', url, undefined, undefined, headers);
const fresh = async (mediaId = file.mediaId): Promise<string> =>
  (await rig.call<Linked>('GET', `/v1/media/${mediaId}`, merchant.apiKey)).body.url;
const changed = (url: string, change: (query: URLSearchParams) => void): string => {
  const link = new URL(url, 'http://x');
  change(link.searchParams);
  return link.pathname + link.search;
};

describe('A link opens one file for ten minutes, without a credential (S1.97, C57)', () => {
  it('until the second that it names, and not after it', async () => {
    const url = await fresh();
    rig.clock.advance(10 * 60_000 - 1000);
    expect((await open(url)).status).toBe(200);
    rig.clock.advance(2000);
    expect((await open(url)).status).toBe(404);
    expect((await open(await fresh())).status).toBe(200);
  });

  it('and no other: with another id, tenant, end or seal it is nobody’s', async () => {
    const [url, other] = [await fresh(), await rig.merchant()];
    const later = String(Number(new URL(url, 'http://x').searchParams.get('until')) + 60);
    const second = (await rig.upload<Linked>(merchant.apiKey, bytes, 'b.png', 'image/png')).body;
    const forged = [
      url.replace(file.mediaId, second.mediaId),
      url.replace(file.mediaId, newId()),
      changed(url, (query) => query.set('tenant', other.tenantId)),
      changed(url, (query) => query.set('until', later)),
      changed(url, (query) => query.set('until', `0${query.get('until')}`)),
      changed(url, (query) => query.append('tenant', other.tenantId)),
      changed(url, (query) => query.append('until', later)),
      changed(url, (query) => query.set('seal', randomBytes(32).toString('base64url'))),
      changed(url, (query) => query.set('seal', '')),
      ...['tenant', 'until', 'seal'].map((name) => changed(url, (query) => query.delete(name))),
      changed(url, (query) => ['tenant', 'until', 'seal'].forEach((name) => query.delete(name))),
    ];
    for (const link of forged) expect({ link, status: (await open(link)).status }).toEqual({ link, status: 404 });
    // A right seal of another tenant, over an id that is not his.
    const [until, links] = [new Date(rig.clock.now().getTime() + 60_000), rig.get(SignedLinks)];
    const strange = links.sign({ tenantId: other.tenantId, mediaId: file.mediaId }, until);
    expect((await open(`/v1/media/${file.mediaId}/content${strange}`)).status).toBe(404);
  });

  it('as what it is, whatever is written behind it', async () => {
    const text = (await rig.upload<Linked>(merchant.apiKey, Buffer.from('a plain text'), 'a.txt', 'text/plain')).body;
    const asked = changed(await fresh(text.mediaId), (query) => {
      query.set('disposition', 'inline');
      query.set('response-content-type', 'text/html');
      query.set('filename', 'a.html');
    });
    const { status, headers } = await open(asked, { accept: 'text/html' });
    expect({ status, type: headers['content-type'] }).toEqual({ status: 200, type: 'text/plain; charset=utf-8' });
    expect(headers['content-disposition']).toBe(`attachment; filename="a.txt"; filename*=UTF-8''a.txt`);
  });

  it('and dies with its end when whoever got it may see the file no more', async () => {
    const url = await fresh();
    await rig.sql(merchant.tenantId, 'update api_key set revoked_at = $1::timestamptz', [
      rig.clock.now().toISOString(),
    ]);
    try {
      expect((await rig.call('GET', `/v1/media/${file.mediaId}`, merchant.apiKey)).status).toBe(401);
      rig.clock.advance(10 * 60_000 + 1000);
      expect((await open(url)).status).toBe(404);
    } finally {
      await rig.sql(merchant.tenantId, 'update api_key set revoked_at = null');
    }
  });
});

describe('The bytes of a file (C57)', () => {
  it('are for the browser that asked, and for nobody on the way', async () => {
    const { headers } = await open(await fresh());
    expect(headers['cache-control']).toBe('private, max-age=300');
    expect(headers['content-security-policy']).toContain("default-src 'none'; sandbox");
    expect(headers['referrer-policy']).toBe('no-referrer');
    expect((await open(`/v1/media/${file.mediaId}/content`)).headers['cache-control']).toBe('no-store');
  });

  it('are told of without being read', async () => {
    const url = await fresh();
    const whole = await open(url);
    await rig.get(MediaStore).remove(mediaKey(merchant.tenantId, file.mediaId));
    const head = await rig.app.inject({ method: 'HEAD', url });
    expect({ status: head.statusCode, bytes: head.rawPayload.length }).toEqual({ status: 200, bytes: 0 });
    for (const name of ['content-length', 'content-type', 'content-disposition', 'etag', 'accept-ranges'])
      expect([name, head.headers[name]]).toEqual([name, whole.headers[name]]);
    expect((await open(url)).status).toBe(404);
    await rig.keep(merchant, file.mediaId, bytes);
    expect((await open(url)).bytes).toEqual(bytes);
  });

  it('are not sent again to who has them', async () => {
    const url = await fresh();
    const etag = String((await open(url)).headers['etag']);
    for (const known of [etag, `W/${etag}`, `"other", ${etag}`]) {
      const answer = await open(url, { 'if-none-match': known });
      expect({ status: answer.status, bytes: answer.bytes.length }).toEqual({ status: 304, bytes: 0 });
    }
    expect((await open(url, { 'if-none-match': '"other"' })).status).toBe(200);
  });

  it.each([
    ['bytes=0-0', 0, 0],
    ['bytes=10-19', 10, 19],
    ['bytes=5-', 5, undefined],
    ['bytes=-7', -7, undefined],
    ['bytes=0-999999999', 0, undefined],
  ] as const)('come in part: %s', async (range, start, end) => {
    const from = start < 0 ? bytes.length + start : start;
    const to = end ?? bytes.length - 1;
    const part = await open(await fresh(), { range });
    expect({
      status: part.status,
      range: part.headers['content-range'],
      length: part.headers['content-length'],
    }).toEqual({
      status: 206,
      range: `bytes ${from}-${to}/${bytes.length}`,
      length: String(to - from + 1),
    });
    expect(part.bytes).toEqual(bytes.subarray(from, to + 1));
  });

  it('come whole for a range that is none, and not at all for one beyond them', async () => {
    for (const range of ['bytes=a-b', 'bytes=0-1,3-4', 'lines=1-2', 'bytes=-'])
      expect((await open(await fresh(), { range })).status).toBe(200);
    for (const range of [`bytes=${bytes.length}-`, 'bytes=9-3', 'bytes=-0']) {
      const answer = await open(await fresh(), { range });
      expect([range, answer.status, answer.headers['content-range']]).toEqual([range, 416, `bytes */${bytes.length}`]);
    }
  });
});

describe('A hostile name harms nobody (C57, F59)', () => {
  const arrive = async (id: string, filename: string): Promise<Linked> => {
    const text = Buffer.from(`text ${id}`);
    rig.file(id, text);
    const mediaId = await rig.arrive(merchant, id, text, { kind: 'document', mimeType: 'text/plain', filename });
    await rig.fetch(merchant);
    return (await rig.call<Linked>('GET', `/v1/media/${mediaId}`, merchant.apiKey)).body;
  };

  it.each([
    ['quotes', 'a"; filename="b.html', 'a"; filename="b.html'],
    ['lines', 'a\r\nset-cookie: x=1\r\n\r\n<script>.txt', 'aset-cookie: x=1<script>.txt'],
    ['a path', '../../../etc/cron.d/x.txt', 'x.txt'],
    ['a path of Windows', '..\\..\\x.txt', 'x.txt'],
    ['letters turned round', 'bill_\u202etxt.exe', 'bill_txt.exe'],
    ['300 letters', `${'ß'.repeat(300)}.txt`, `${'ß'.repeat(236)}.txt`],
    ['no letters', '\r\n', null],
    ['percent signs', "100%25'*.txt", "100%25'*.txt"],
  ])('with %s', async (what, given, seen) => {
    const { mediaId, url, filename } = await arrive(`name-${what.replaceAll(' ', '-')}`, given);
    expect(filename).toBe(seen);
    const { status, headers } = await open(url);
    const name = seen ?? mediaId;
    const plain = name.replace(/[^\w. -]/g, '_');
    const starred = encodeURIComponent(name).replace(
      /['()*]/g,
      (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
    );
    expect({ status, disposition: headers['content-disposition'] }).toEqual({
      status: 200,
      disposition: `attachment; filename="${plain}"; filename*=UTF-8''${starred}`,
    });
    expect(headers['set-cookie']).toBeUndefined();
  });
});
