import { newId } from '../../src/kernel/ids.js';
import { Inbox } from '../conversations/inbox.js';
import { type PolicyMerchant, plantMerchant } from '../conversations/policy-cases.js';

interface Refused {
  code: string;
  detail: string;
}

const KB = 1024;
const MB = 1024 * KB;

let inbox: Inbox;
let shop: PolicyMerchant;
let conversation: string;
beforeAll(async () => {
  inbox = await Inbox.open();
  shop = await plantMerchant(inbox, 1);
  conversation = await inbox.arrive(
    shop.tenantId,
    inbox.message({ waId: '919700000001' }, 'good day', { phoneNumberId: '10000' }),
  );
});
afterAll(() => inbox.close());

const token = (name: string): string => shop.callers.find((caller) => caller.name === name)!.token;
const user = (name: string): string => `user:${shop.callers.find((caller) => caller.name === name)!.userId}`;
const send = (body: object, as = 'API_KEY') =>
  inbox.call<Refused>('POST', `/v1/conversations/${conversation}/messages`, token(as), body);

/** A file in the books. @returns its id */
const file = async (more: Record<string, unknown> = {}, of: PolicyMerchant = shop): Promise<string> => {
  const id = newId();
  const row = {
    tenant_id: of.tenantId,
    id,
    source: 'upload',
    kind: 'image',
    state: 'stored',
    mime_type: 'image/jpeg',
    size: 1000,
    store_key: `${of.tenantId}/${id}`,
    sha256: `\\x${'ab'.repeat(32)}`,
    stored_at: '2026-11-21T09:00:00Z',
    created_by: 'api',
    created_at: '2026-11-21T09:00:00Z',
    ...more,
  };
  await inbox.sql(
    of.tenantId,
    `insert into media (tenant_id, id, source, phone_number_id, message_id, thread_id, kind, state, mime_type, size, store_key, sha256, created_by, created_at, stored_at)
     select tenant_id, id, source, phone_number_id, message_id, thread_id, kind, state, mime_type, size, store_key, sha256, created_by, created_at, stored_at
     from jsonb_populate_record(null::media, $1::jsonb)`,
    [JSON.stringify(row)],
  );
  return id;
};
/** Rows of everything that a send writes. */
const written = async (): Promise<object> =>
  (
    await inbox.sql(
      shop.tenantId,
      `select (select count(*)::int from message) as messages, (select count(*)::int from media_use) as uses,
         (select count(*)::int from tenant_event) as events, (select max(updated_at) from thread) as changed`,
    )
  )[0]!;
/** Refused as said, and nothing was written. */
const refuses = async (body: object, status: number, code: string, as?: string): Promise<string> => {
  const before = await written();
  const answer = await send(body, as);
  expect({ status: answer.status, code: answer.body.code }).toEqual({ status, code });
  expect(await written()).toEqual(before);
  return answer.body.detail;
};

const OFFICE = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document';

describe('A file of ours is sent as what WhatsApp takes it for (S1.45, S1.78)', () => {
  it.each([
    ['image', 'image/jpeg', 5 * MB],
    ['image', 'image/png', 5 * MB],
    ['sticker', 'image/webp', 500 * KB],
    ['video', 'video/mp4', 16 * MB],
    ['video', 'video/3gpp', 16 * MB],
    ['audio', 'audio/mpeg', 16 * MB],
    ['audio', 'audio/ogg', 16 * MB],
    ['document', 'application/pdf', 100 * MB],
    ['document', OFFICE, 100 * MB],
    ['document', 'image/jpeg', 100 * MB],
  ])('%s, of type %s, up to %i bytes', async (type, mimeType, limit) => {
    const [fitting, larger] = [
      await file({ mime_type: mimeType, size: limit }),
      await file({ mime_type: mimeType, size: limit + 1 }),
    ];
    expect(await send({ type, media: { mediaId: fitting } })).toMatchObject({ status: 202, body: { type } });
    const detail = await refuses({ type, media: { mediaId: larger } }, 422, 'MEDIA_NOT_SENDABLE');
    expect(detail).toContain(String(limit));
  });

  it.each([
    ['image', 'image/gif'],
    ['image', 'image/webp'],
    ['image', 'image/svg+xml'],
    ['image', 'video/mp4'],
    ['image', 'application/pdf'],
    ['sticker', 'image/png'],
    ['sticker', 'image/jpeg'],
    ['video', 'video/quicktime'],
    ['video', 'image/jpeg'],
    ['audio', 'audio/x-wav'],
    ['audio', 'video/mp4'],
    ['document', 'application/octet-stream'],
    ['document', 'text/html'],
    ['document', 'image/svg+xml'],
    ['document', 'application/zip'],
  ])('but %s not of type %s', async (type, mimeType) => {
    const mediaId = await file({ mime_type: mimeType });
    const detail = await refuses({ type, media: { mediaId } }, 422, 'MEDIA_NOT_SENDABLE');
    expect(detail).toContain(mimeType);
  });
});

describe('A file that is not here cannot be sent', () => {
  it.each(['pending', 'failed'])('%s', async (state) => {
    const mediaId = await file({ state, mime_type: null, size: null, store_key: null, sha256: null, stored_at: null });
    expect(await refuses({ type: 'image', media: { mediaId } }, 422, 'MEDIA_NOT_SENDABLE')).toContain(state);
  });

  it('nor one that there is not', async () => {
    await refuses({ type: 'image', media: { mediaId: newId() } }, 404, 'MEDIA_NOT_FOUND');
    await refuses({ type: 'image', media: { mediaId: 'nonsense' } }, 400, 'INVALID_REQUEST');
  });
});

describe('A file that the sender does not see is none (S1.23-S1.32)', () => {
  const inbound = (mediaId: string) => ({ type: 'image', media: { mediaId } });
  const ofThread = (area: string | null): Promise<string> => {
    const thread = shop.threads.find(({ areaId, assigneeId }) => areaId === area && assigneeId === null)!;
    const { phoneNumberId, id } = thread;
    return file({
      source: 'inbound',
      phone_number_id: phoneNumberId,
      thread_id: id,
      message_id: newId(),
      created_by: null,
    });
  };

  it("another merchant's", async () => {
    const other = await plantMerchant(inbox, 2);
    const theirs = await file({}, other);
    await refuses(inbound(theirs), 404, 'MEDIA_NOT_FOUND');
    await refuses(inbound(theirs), 404, 'MEDIA_NOT_FOUND', 'ADMIN');
  });

  it("a customer's of an area that is not his, as little as what a colleague uploaded and never sent", async () => {
    const [athens, crete] = [await ofThread(shop.areas.athens), await ofThread(shop.areas.crete)];
    expect((await send(inbound(athens), 'SALES')).status).toBe(202);
    await refuses(inbound(crete), 404, 'MEDIA_NOT_FOUND', 'SALES');
    expect((await send(inbound(crete), 'ADMIN')).status).toBe(202);
    const [own, colleagues] = [await file({ created_by: user('SALES') }), await file({ created_by: user('LEAD_GEN') })];
    expect((await send(inbound(own), 'SALES')).status).toBe(202);
    await refuses(inbound(colleagues), 404, 'MEDIA_NOT_FOUND', 'SALES');
  });

  it('until a message that he sees shows it', async () => {
    const mediaId = await file({ created_by: user('ADMIN') });
    await refuses(inbound(mediaId), 404, 'MEDIA_NOT_FOUND', 'SALES');
    expect((await send(inbound(mediaId), 'ADMIN')).status).toBe(202);
    expect((await send(inbound(mediaId), 'SALES')).status).toBe(202);
  });
});

describe('A link is sent when it leads out, and refused before anything is written (S1.43, F58)', () => {
  it.each(['https://shop.example/a.jpg', 'http://cdn.shop.example:8080/a.jpg'])('%s', async (link) => {
    expect((await send({ type: 'image', media: { link } })).status).toBe(202);
  });

  it.each([
    ...[
      'http://127.0.0.1/a.jpg',
      'http://[::ffff:127.0.0.1]/a',
      'http://0x7f.1/a',
      'http://10.0.0.1/a',
      'http://localhost/a',
    ],
    ...['http://169.254.169.254/latest/meta-data/', 'http://metadata.google.internal/', 'http://redis:6379/'],
    ...['https://user:password@shop.example/a.jpg'],
  ])('but not %s', async (link) => {
    await refuses({ type: 'image', media: { link } }, 422, 'LINK_NOT_PUBLIC');
    await refuses({ type: 'document', media: { link }, filename: 'a.pdf' }, 422, 'LINK_NOT_PUBLIC', 'SALES');
    const template = { name: 'due_today', language: 'en', header: { kind: 'image', link } };
    await refuses({ type: 'template', template }, 422, 'LINK_NOT_PUBLIC');
    const before = await written();
    const direct = await inbox.call<Refused>('POST', '/v1/messages', token('API_KEY'), {
      phoneNumberId: '10000',
      to: '919700000001',
      whatsappTemplate: template,
    });
    expect({ status: direct.status, code: direct.body.code }).toEqual({ status: 422, code: 'LINK_NOT_PUBLIC' });
    expect(await written()).toEqual(before);
  });

  it.each(['file:///etc/passwd', 'gopher://shop.example/', 'data:image/png;base64,AAAA', 'shop.example/a.jpg', ''])(
    'nor %j, which is no address of the web',
    async (link) => {
      const before = await written();
      const answer = await send({ type: 'image', media: { link } });
      expect(answer.status).toBeGreaterThanOrEqual(400);
      expect(answer.status).toBeLessThan(500);
      expect(await written()).toEqual(before);
    },
  );
});
