import sharp from 'sharp';
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
}, 60_000);
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
