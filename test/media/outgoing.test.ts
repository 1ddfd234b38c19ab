import { setTimeout as delay } from 'node:timers/promises';
import sharp from 'sharp';
import { OutgoingFiles, type Placed } from '../../src/modules/messaging/application/media/outgoing-files.js';
import { Senders } from '../../src/modules/messaging/application/outbound/senders.js';
import { MediaRig, type Merchant, TOKEN } from './media-rig.js';

let rig: MediaRig;
let merchant: Merchant;
let mediaId: string;
let forms: string[];
beforeAll(async () => {
  rig = await MediaRig.open();
  merchant = await rig.merchant();
  const png = await sharp({ create: { width: 9, height: 9, channels: 3, background: 'blue' } })
    .png()
    .toBuffer();
  mediaId = (await rig.upload<{ mediaId: string }>(merchant.apiKey, png, 'a.png', 'image/png')).body.mediaId;
});
afterAll(() => rig.close());
beforeEach(async () => {
  forms = [];
  await rig.sql(merchant.tenantId, 'delete from media_copy');
  rig.graph.routes.set(`/v24.0/${merchant.phoneNumberId}/media`, async (request, response) => {
    forms.push(await MediaRig.form(request));
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"id":"777"}');
  });
});

const place = (patience = 5000): Promise<Placed> =>
  rig.in(merchant.tenantId, async () => {
    const sender = await rig.get(Senders).findReader(merchant.phoneNumberId);
    const content = { type: 'image', media: { kind: 'image', mediaId }, caption: 'Look' } as const;
    return rig.get(OutgoingFiles).place(sender!, content, patience, new AbortController().signal);
  });

describe('A file of ours is put at Meta before its message is posted (S1.78)', () => {
  it('once a number and month', async () => {
    const content = { type: 'image', media: { kind: 'image', id: '777' }, caption: 'Look' };
    expect(await place()).toEqual({ kind: 'placed', content });
    expect(await place()).toEqual({ kind: 'placed', content });
    expect(forms).toHaveLength(1);
    expect(forms[0]).toContain('name="messaging_product"\r\n\r\nwhatsapp');
    expect(forms[0]).toContain('filename="a.png"\r\ncontent-type: image/png');
    expect(rig.graph.hits.at(-1)?.bearer).toBe(`Bearer ${TOKEN}`);
    rig.clock.advance(30 * 86_400_000);
  });

  it('by several messages at once, and by those that come as it ends, in one upload', async () => {
    for (let round = 1; round <= 60; round++) {
      await rig.sql(merchant.tenantId, 'delete from media_copy');
      await Promise.all([...Array(30).keys()].map((n) => delay(n).then(() => place())));
      expect(forms).toHaveLength(round);
    }
  });

  it('and goes on when a message cannot wait for it', async () => {
    let go: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (go = resolve));
    rig.graph.routes.set(`/v24.0/${merchant.phoneNumberId}/media`, async (request, response) => {
      forms.push(await MediaRig.form(request));
      await held;
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"id":"778"}');
    });
    expect(await place(50)).toEqual({ kind: 'under-way' });
    const joined = place();
    go();
    expect(await joined).toMatchObject({ kind: 'placed', content: { media: { id: '778' } } });
    expect(forms).toHaveLength(1);
  });

  it.each([
    [{ error: { code: 131053, message: 'Media upload error' } }, 400, 'refused'],
    [{ error: { code: 190, message: 'Invalid token' } }, 401, 'credential'],
    [{ error: { code: 2, message: 'Service unavailable' } }, 503, 'not-sent'],
  ])('%j: nothing was sent', async (body, status, kind) => {
    rig.graph.json(`/v24.0/${merchant.phoneNumberId}/media`, body, status);
    expect(await place()).toMatchObject({ kind: 'not-placed', outcome: { kind } });
  });
});
