import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { crc32, deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { until } from '../setup/until.js';
import { MediaRig, type Merchant } from './media-rig.js';

interface Uploaded {
  mediaId: string;
  url: string;
  mimeType: string;
  kind: string;
  size: number;
  sha256: string;
  code: string;
}

let rig: MediaRig;
let merchant: Merchant;
beforeAll(async () => {
  rig = await MediaRig.open();
  merchant = await rig.merchant();
});
afterAll(() => rig.close());

const upload = (bytes: Buffer, filename: string, type: string, fields: Record<string, string> = {}) =>
  rig.upload<Uploaded>(merchant.apiKey, bytes, filename, type, fields);
const red = { create: { width: 40, height: 20, channels: 3 as const, background: 'red' } };

describe('An uploaded file (S1.42, S1.81)', () => {
  it('is drawn anew when it is a picture: upright, without metadata, without what was hung on', async () => {
    const photo = await sharp(red)
      .withExif({ IFD0: { Copyright: 'secret-of-the-camera' } })
      .withMetadata({ orientation: 6 })
      .jpeg()
      .toBuffer();
    const { status, body } = await upload(
      Buffer.concat([photo, Buffer.from('<script>alert(1)</script>')]),
      'a.jpg',
      'image/png',
    );
    expect({ status, mimeType: body.mimeType, kind: body.kind }).toEqual({
      status: 201,
      mimeType: 'image/jpeg',
      kind: 'image',
    });
    const { bytes, headers } = await rig.call('GET', body.url);
    const seen = await sharp(bytes).metadata();
    expect({ width: seen.width, height: seen.height, exif: seen.exif }).toEqual({
      width: 20,
      height: 40,
      exif: undefined,
    });
    expect(bytes.includes('script')).toBe(false);
    expect(headers['content-disposition']).toMatch(/^inline/);
  });

  it('is the same upload when it is the same file again', async () => {
    const png = await sharp(red).png().toBuffer();
    const [first, second] = [await upload(png, 'a.png', 'image/png'), await upload(png, 'a.png', 'image/png')];
    expect(second.body.mediaId).toBe(first.body.mediaId);
  });

  it('is taken by its bytes: JPG, PNG, GIF, PDF, text (S1.45)', async () => {
    const gif = await upload(await sharp(red).gif().toBuffer(), 'a.gif', 'image/gif');
    expect(gif.body).toMatchObject({ mimeType: 'image/png', kind: 'image' });
    const pdf = await upload(Buffer.from('%PDF-1.7\n1 0 obj\n'), '../../a.pdf', 'application/x-what', {
      filename: 'Rechnung ä.pdf',
    });
    expect(pdf.body).toMatchObject({ mimeType: 'application/pdf', kind: 'document', filename: 'Rechnung ä.pdf' });
    expect((await rig.call('GET', pdf.body.url)).headers['content-disposition']).toMatch(/^attachment/);
    expect((await upload(Buffer.from('a;b\n1;2\n'), 'a.csv', 'text/csv')).body).toMatchObject({
      mimeType: 'text/csv',
      kind: 'document',
    });
  });

  it.each([
    ['SVG as JPEG', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'), 'a.jpg', 'image/jpeg'],
    ['HTML as text', Buffer.from('<!doctype html><script>1</script>'), 'a.txt', 'text/plain'],
    ['a program', Buffer.from('MZ\0\0\0\0'), 'a.pdf', 'application/pdf'],
    ['a picture that is broken', Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 16, 1, 2, 3]), 'a.jpg', 'image/jpeg'],
    ['nothing', Buffer.alloc(0), 'a.txt', 'text/plain'],
  ])('is refused when it is %s', async (_, bytes, filename, type) => {
    const { status, body } = await upload(bytes, filename, type);
    expect({ status, code: body.code }).toEqual({ status: 415, code: 'MEDIA_TYPE_REFUSED' });
  });

  it('is refused when it is larger than its kind may be', async () => {
    const large = Buffer.concat([await sharp(red).jpeg().toBuffer(), Buffer.alloc(5 * 1024 * 1024)]);
    const { status, body } = await upload(large, 'a.jpg', 'image/jpeg');
    expect({ status, code: body.code }).toEqual({ status: 413, code: 'MEDIA_TOO_LARGE' });
  });

  it('needs a form with a file in it', async () => {
    const form = { 'content-type': 'multipart/form-data; boundary=b' };
    for (const text of ['', '--b--\r\n', '--b\r\ncontent-disposition: form-data; name="x"\r\n\r\n1\r\n--b--\r\n'])
      expect((await rig.call('POST', '/v1/media', merchant.apiKey, Buffer.from(text), form)).status).toBe(400);
  });

  it('is unknown to another merchant', async () => {
    const other = await rig.merchant();
    const { body } = await upload(await sharp(red).png().toBuffer(), 'b.png', 'image/png');
    expect((await rig.call('GET', `/v1/media/${body.mediaId}`, other.apiKey)).status).toBe(404);
  });
});

const leftBehind = (): Promise<string[]> => readdir(join(rig.folder, 'media-incoming')).catch(() => []);

/** A PNG whose header promises so many pixels, and whose body has the bytes of a few. */
function promising(width: number, height: number): Buffer {
  const chunk = (type: string, data: Buffer): Buffer => {
    const body = Buffer.concat([Buffer.from(type), data]);
    const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(data.length);
    sum.writeUInt32BE(crc32(body));
    return Buffer.concat([length, body, sum]);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 6, 0, 0, 0], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const rows = deflateSync(Buffer.alloc(4_000_000));
  return Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', rows), chunk('IEND', Buffer.alloc(0))]);
}

describe('An uploaded picture harms nobody (S1.42, F59)', () => {
  it('and does not tell where it was taken', async () => {
    const photo = await sharp(red)
      .withExif({
        IFD0: { Make: 'Camera-of-somebody' },
        IFD3: {
          GPSLatitudeRef: 'N',
          GPSLatitude: '37/1 58/1 0/1',
          GPSLongitudeRef: 'E',
          GPSLongitude: '23/1 43/1 0/1',
        },
      })
      .jpeg()
      .toBuffer();
    expect(photo.includes('Camera-of-somebody')).toBe(true);
    expect((await sharp(photo).metadata()).exif?.length).toBeGreaterThan(100);
    for (const kind of ['image', 'document']) {
      const { status, body } = await upload(photo, `${kind}.jpg`, 'image/jpeg', { kind });
      expect({ status, kind: body.kind }).toEqual({ status: 201, kind });
      const { bytes } = await rig.call('GET', body.url);
      const { exif, xmp, iptc } = await sharp(bytes).metadata();
      expect({ exif, xmp, iptc }).toEqual({ exif: undefined, xmp: undefined, iptc: undefined });
      expect(bytes.includes('Camera-of-somebody')).toBe(false);
    }
  });

  it.each([
    [60_000, 60_000],
    [2 ** 31 - 1, 2 ** 31 - 1],
    [50_001, 1000],
  ])('when its header promises %i x %i pixels: refused before they are drawn', async (width, height) => {
    const bomb = promising(width, height);
    expect(bomb.length).toBeLessThan(10_000);
    const before = process.memoryUsage.rss();
    const { status, body } = await upload(bomb, 'bomb.png', 'image/png');
    expect({ status, code: body.code }).toEqual({ status: 415, code: 'MEDIA_TYPE_REFUSED' });
    expect((process.memoryUsage.rss() - before) / 1024 / 1024).toBeLessThan(300);
  });

  it('nor by many frames of a sticker', async () => {
    const frames = await sharp(
      await Promise.all(
        Array.from({ length: 200 }, (_, n) =>
          sharp({
            create: {
              width: 512,
              height: 512,
              channels: 4,
              background: { r: (n * 53) % 256, g: (n * 97) % 256, b: (n * 31) % 256, alpha: 1 },
            },
          })
            .png({ compressionLevel: 1 })
            .toBuffer(),
        ),
      ),
      { join: { animated: true }, limitInputPixels: false },
    )
      .webp({ effort: 0 })
      .toBuffer();
    const { status, body } = await upload(frames, 'a.webp', 'image/webp');
    expect({ status, code: body.code }).toEqual({ status: 415, code: 'MEDIA_TYPE_REFUSED' });
  });

  it.each([
    [
      'a page behind a picture',
      (jpeg: Buffer) => Buffer.concat([jpeg, Buffer.from('<html><script>alert(1)</script>')]),
    ],
    ['an archive behind a picture', (jpeg: Buffer) => Buffer.concat([jpeg, Buffer.from('PK\x03\x04evil.php')])],
    [
      'a page in the comment of a picture',
      (jpeg: Buffer) => {
        const text = Buffer.from('*/=alert(1)/*<script>alert(1)</script>');
        const size = Buffer.alloc(2);
        size.writeUInt16BE(text.length + 2);
        return Buffer.concat([jpeg.subarray(0, 2), Buffer.from([0xff, 0xfe]), size, text, jpeg.subarray(2)]);
      },
    ],
  ])('when it is %s: only the picture stays', async (_, made) => {
    const { status, body } = await upload(made(await sharp(red).jpeg().toBuffer()), 'a.jpg', 'image/jpeg');
    expect(status).toBe(201);
    const { bytes, headers } = await rig.call('GET', body.url);
    expect(headers['content-type']).toBe('image/jpeg');
    for (const trace of ['script', 'alert', 'evil', 'PK\x03\x04']) expect(bytes.includes(trace)).toBe(false);
  });

  it('and a program that begins as a picture is none', async () => {
    const { status, body } = await upload(
      Buffer.concat([Buffer.from('GIF89a/*'), randomBytes(300), Buffer.from('*/=1;alert(1)')]),
      'a.gif',
      'image/gif',
    );
    expect({ status, code: body.code }).toEqual({ status: 415, code: 'MEDIA_TYPE_REFUSED' });
  });
});

describe('A sticker (S1.45)', () => {
  const noise = (frames: number, side: number): Promise<Buffer> =>
    Promise.all(
      Array.from({ length: frames }, () =>
        sharp(randomBytes(side * side * 3), { raw: { width: side, height: side, channels: 3 } })
          .png({ compressionLevel: 0 })
          .toBuffer(),
      ),
    ).then((pictures) =>
      (pictures.length === 1 ? sharp(pictures[0]) : sharp(pictures, { join: { animated: true } }))
        .webp({ quality: 90 })
        .toBuffer(),
    );

  it('that stands still has up to 100 KB, one that moves 500 KB', async () => {
    const [still, moving, larger] = await Promise.all([noise(1, 512), noise(3, 330), noise(8, 512)]);
    expect([still.length > 100 * 1024, still.length < 500 * 1024]).toEqual([true, true]);
    expect([moving.length > 100 * 1024, moving.length < 450 * 1024]).toEqual([true, true]);
    expect(larger.length).toBeGreaterThan(500 * 1024);
    const refused = await upload(still, 'a.webp', 'image/webp');
    expect({ status: refused.status, limit: refused.body }).toMatchObject({
      status: 413,
      limit: { code: 'MEDIA_TOO_LARGE', limit: 100 * 1024 },
    });
    expect(await upload(moving, 'a.webp', 'image/webp')).toMatchObject({ status: 201, body: { kind: 'sticker' } });
    expect(await upload(larger, 'a.webp', 'image/webp')).toMatchObject({ status: 413, body: { limit: 500 * 1024 } });
  });

  it('is WebP and nothing else', async () => {
    const png = await sharp(red).png().toBuffer();
    expect(await upload(png, 'a.png', 'image/png', { kind: 'sticker' })).toMatchObject({
      status: 415,
      body: { code: 'MEDIA_TYPE_REFUSED' },
    });
  });
});

describe('An upload that breaks off (F59)', () => {
  it('leaves nothing on the disk, whether the sender hangs up or sends too much', async () => {
    const url = new URL(await rig.listen());
    const head = (length: number): string =>
      [
        'POST /v1/media HTTP/1.1',
        `host: ${url.host}`,
        `authorization: Bearer ${merchant.apiKey}`,
        'content-type: multipart/form-data; boundary=b',
        `content-length: ${length}`,
        '',
        '--b',
        'content-disposition: form-data; name="file"; filename="a.pdf"',
        'content-type: application/pdf',
        '',
        '%PDF-1.7',
      ].join('\r\n');
    for (const hangUp of ['end', 'resetAndDestroy'] as const) {
      const socket = connect(Number(url.port), url.hostname).on('error', () => undefined);
      socket.write(head(50_000_000));
      socket.write(randomBytes(3_000_000));
      await until(async () => (await leftBehind()).length === 1);
      socket[hangUp]();
      await until(async () => (await leftBehind()).length === 0);
      socket.destroy();
    }
    const large = connect(Number(url.port), url.hostname).on('error', () => undefined);
    const answered = once(large, 'data');
    large.write(head(110 * 1024 * 1024));
    const part = Buffer.alloc(1024 * 1024);
    for (let n = 0; n < 101; n++) if (!large.write(part)) await once(large, 'drain');
    expect(String((await answered)[0])).toMatch(/^HTTP\/1.1 413 /);
    await until(async () => (await leftBehind()).length === 0);
    large.destroy();
  });
});
