import { newId } from '../../src/kernel/ids.js';
import { SafeFetch } from '../../src/platform/media-store/safe-fetch.js';
import { TENANT_EVENT_NAMES } from '../../src/platform/realtime/tenant-event-names.js';
import { type Endpoint, IntegrationsRig, type Merchant, said } from './integrations-rig.js';

const ROUTES = [
  ['GET', '/v1/webhook-endpoints/:id', undefined],
  ['PATCH', '/v1/webhook-endpoints/:id', { description: 'Taken over' }],
  ['POST', '/v1/webhook-endpoints/:id/rotate-secret', undefined],
  ['POST', '/v1/webhook-endpoints/:id/pause', undefined],
  ['POST', '/v1/webhook-endpoints/:id/resume', undefined],
  ['POST', '/v1/webhook-endpoints/:id/test', undefined],
  ['POST', '/v1/webhook-endpoints/:id/replay', { since: '2026-01-01T00:00:00Z' }],
  ['GET', '/v1/webhook-endpoints/:id/deliveries', undefined],
  ['GET', '/v1/webhook-endpoints/:id/deliveries/:deliveryId', undefined],
  ['DELETE', '/v1/webhook-endpoints/:id', undefined],
] as const;

describe("Endpoints of merchants' systems (D18)", () => {
  let rig: IntegrationsRig;
  let merchant: Merchant;

  beforeAll(async () => {
    rig = await IntegrationsRig.open();
  });
  beforeEach(async () => {
    rig.receiver.reset();
    merchant = await rig.merchant();
  });
  afterAll(() => rig.close());

  const add = (payload: object): Promise<{ status: number; body: { code: string } & Endpoint }> =>
    rig.call('POST', '/v1/webhook-endpoints', merchant.apiKey, payload);

  it('show their secret once, and keep it sealed', async () => {
    const { secret, ...shown } = await rig.endpoint(merchant, { description: 'ERP', events: ['due.paid'] });
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(await rig.show(merchant, { ...shown, secret })).toEqual(shown);
    expect(shown).toMatchObject({ description: 'ERP', events: ['due.paid'], status: 'enabled', position: 0 });
    const list = await rig.call<{ data: object[] }>('GET', '/v1/webhook-endpoints', merchant.apiKey);
    expect(list.body.data).toEqual([shown]);
    const [kept] = await rig.sql<{ sealed: Buffer }>(
      merchant.tenantId,
      'select secret_enc as sealed from webhook_secret',
    );
    expect(kept!.sealed.includes(Buffer.from(secret))).toBe(false);
    expect(kept!.sealed.includes(Buffer.from(secret.slice(6), 'base64'))).toBe(false);
    const audit = await rig.call('GET', '/v1/audit-log', merchant.apiKey);
    expect(JSON.stringify(audit.body)).toContain('webhook-endpoint.added');
    expect(JSON.stringify(audit.body)).not.toContain(secret);
  });

  it('are changed and removed; what waited for one goes to its new URL', async () => {
    const endpoint = await rig.endpoint(merchant, { description: 'ERP' });
    rig.receiver.answer = (response) => response.destroy();
    await rig.happen(merchant, said(newId(), 1));
    await rig.turn(merchant, endpoint);
    const change = (payload: object): Promise<{ status: number; body: Endpoint }> =>
      rig.call('PATCH', `/v1/webhook-endpoints/${endpoint.id}`, merchant.apiKey, payload);
    expect((await change({ url: `${rig.receiver.url}/new`, description: null })).body).toMatchObject({
      url: `${rig.receiver.url}/new`,
      description: null,
    });
    expect((await change({ url: 'https://169.254.169.254/' })).status).toBe(422);
    expect((await change({ events: ['nonsense'] })).status).toBe(400);
    expect((await change({ url: null })).status).toBe(400);
    expect((await change({ status: 'enabled' })).status).toBe(400);
    rig.receiver.reset();
    await rig.pass(merchant, endpoint);
    expect(rig.receiver.heard).toHaveLength(1);
    const remove = (): Promise<{ status: number }> =>
      rig.call('DELETE', `/v1/webhook-endpoints/${endpoint.id}`, merchant.apiKey);
    expect([(await remove()).status, (await remove()).status]).toEqual([204, 404]);
    expect(await rig.turn(merchant, endpoint)).toBeUndefined();
    expect(await rig.sql(merchant.tenantId, 'select from webhook_delivery')).toEqual([]);
  });

  it('are ten at most, however many are added at once', async () => {
    const answers = await Promise.all(Array.from({ length: 13 }, () => add({ url: rig.receiver.url })));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(10);
    expect(answers.find(({ status }) => status !== 201)).toMatchObject({
      status: 409,
      body: { code: 'TOO_MANY_WEBHOOK_ENDPOINTS' },
    });
  });

  it.each([
    'http://erp.example/hooks',
    'https://erp.example:8443/hooks',
    'https://user:secret@erp.example/hooks',
    'https://127.0.0.1/hooks',
    'https://[::1]/hooks',
    'https://[::ffff:10.0.0.1]/hooks',
    'https://169.254.169.254/latest/meta-data',
    'https://10.1.2.3/hooks',
    'https://localhost/hooks',
    'https://erp.internal/hooks',
    'http://127.0.0.1:1/hooks',
  ])('are not at %s (F58)', async (url) => {
    expect(await add({ url })).toMatchObject({ status: 422, body: { code: 'WEBHOOK_URL_REFUSED' } });
  });

  it.each(['ftp://erp.example/', 'https://0x7f.1/', 'javascript:alert(1)', 'erp', '', 7, null])(
    'and %p is none',
    async (url) => {
      expect((await add({ url })).status).toBe(400);
    },
  );

  it('are not reached where their name points into the private network, whenever it does (F58)', async () => {
    const endpoint = await rig.endpoint(merchant, { url: 'https://erp.example/hooks' });
    for (const address of ['127.0.0.1', '169.254.169.254', '10.0.0.1', '::ffff:127.0.0.1']) {
      rig.names.set('erp.example', address);
      expect(
        await rig.get(SafeFetch).post('https://erp.example/hooks', '{}', {}, { deadline: 2000, maxBytes: 100 }),
      ).toEqual({ kind: 'refused', code: 'HOST_REFUSED' });
    }
    await rig.happen(merchant, said(newId(), 1));
    await rig.turn(merchant, endpoint);
    expect((await rig.deliveries(merchant, endpoint))[0]).toMatchObject({
      state: 'pending',
      lastError: 'HOST_REFUSED',
    });
    expect(rig.receiver.heard).toEqual([]);
  });

  it('may take 15 seconds, and say little: who is slower, or endless, is cut off', async () => {
    const post = (): Promise<unknown> =>
      rig.get(SafeFetch).post(rig.receiver.url, '{}', {}, { deadline: 300, maxBytes: 1000 });
    rig.receiver.answer = () => undefined;
    expect(await post()).toEqual({ kind: 'refused', code: 'DEADLINE' });
    rig.receiver.answer = (response) => response.writeHead(500).write('x'.repeat(5000));
    expect(await post()).toMatchObject({ status: 500, said: 'x'.repeat(1000) });
    rig.receiver.answer = (response) => response.writeHead(500).write('slow');
    expect(await post()).toMatchObject({ status: 500, said: 'slow' });
    rig.receiver.answer = (response) => response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end();
    expect(await post()).toMatchObject({ kind: 'answered', status: 302 });
  });

  it('are unknown to other merchants, with their deliveries, on each route', async () => {
    const endpoint = await rig.endpoint(merchant);
    const other = await rig.merchant();
    await rig.happen(merchant, said(newId(), 1));
    await rig.turn(merchant, endpoint);
    const [delivery] = await rig.deliveries(merchant, endpoint);
    for (const [method, path, payload] of ROUTES) {
      const url = path.replace(':id', endpoint.id).replace(':deliveryId', delivery!.id);
      expect({ url, status: (await rig.call(method, url, other.apiKey, payload)).status }).toEqual({
        url,
        status: 404,
      });
    }
    const theirs = await rig.endpoint(other);
    expect(
      await rig.call('GET', `/v1/webhook-endpoints/${theirs.id}/deliveries/${delivery!.id}`, other.apiKey),
    ).toMatchObject({ status: 404, body: { code: 'WEBHOOK_DELIVERY_NOT_FOUND' } });
    expect(
      (await rig.call('POST', `/v1/webhook-endpoints/${theirs.id}/replay`, other.apiKey, { ids: [delivery!.id] }))
        .status,
    ).toBe(404);
    expect(await rig.show(merchant, endpoint)).toMatchObject({ status: 'enabled', description: null });
  });

  it('are for admins and developers, and for keys that carry the scope', async () => {
    const { id } = await rig.endpoint(merchant);
    const password = 'a-long-test-password';
    const token = async (role: string): Promise<string> => {
      const email = `${newId()}@merchant.example`;
      await rig.call('POST', '/v1/users', await admin(), { email, password, name: role, role, areas: [] });
      return (await rig.call<{ accessToken: string }>('POST', '/v1/auth/login', '', { email, password })).body
        .accessToken;
    };
    const admin = async (): Promise<string> =>
      (await rig.call<{ accessToken: string }>('POST', '/v1/auth/login', '', { email: merchant.email, password })).body
        .accessToken;
    const key = async (...scopes: string[]): Promise<string> =>
      (await rig.call<{ key: string }>('POST', '/v1/api-keys', merchant.apiKey, { name: 'key', scopes })).body.key;
    const [reader, writer] = [await key('webhooks:read'), await key('webhooks:write')];
    const holders = {
      admin: await admin(),
      developer: await token('DEVELOPER'),
      lead: await token('SALES_TEAM_LEAD'),
      sales: await token('SALES'),
      'lead generation': await token('LEAD_GEN'),
      'other key': await key('operations:write', 'conversations:read'),
    };
    const lists = async (held: string): Promise<number> =>
      (await rig.call('GET', '/v1/webhook-endpoints', held)).status;
    expect(await Promise.all(Object.values(holders).map(lists))).toEqual([200, 200, 403, 403, 403, 403]);
    for (const [method, path, payload] of ROUTES) {
      const url = path.replace(':id', id).replace(':deliveryId', newId());
      const status = async (held: string): Promise<number> => (await rig.call(method, url, held, payload)).status;
      const [mine, not] = method === 'GET' ? [reader, writer] : [writer, reader];
      expect({ method, url, status: await status(not) }).toEqual({ method, url, status: 403 });
      expect({ method, url, status: await status(holders.sales) }).toEqual({ method, url, status: 403 });
      expect(await status(mine)).not.toBe(403);
    }
    expect((await rig.call('POST', '/v1/webhook-endpoints', reader, { url: rig.receiver.url })).status).toBe(403);
  });

  it('page their deliveries, newest first, by state', async () => {
    const endpoint = await rig.endpoint(merchant);
    const thread = newId();
    await rig.happen(merchant, ...Array.from({ length: 5 }, (_, n) => said(thread, n)));
    rig.receiver.answer = (response, { event }) => response.writeHead(event.seq === 3 ? 500 : 200).end();
    await rig.turn(merchant, endpoint);
    const url = `/v1/webhook-endpoints/${endpoint.id}/deliveries`;
    const seen: number[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const { body }: { body: { data: { seq: number }[]; nextCursor: string | null } } = await rig.call(
        'GET',
        `${url}?limit=2${cursor && `&cursor=${cursor}`}`,
        merchant.apiKey,
      );
      seen.push(...body.data.map(({ seq }) => seq));
      cursor = body.nextCursor;
    }
    expect(seen).toEqual([5, 4, 3, 2, 1]);
    expect((await rig.deliveries(merchant, endpoint, '&state=pending')).map(({ attempts }) => attempts)).toEqual([
      0, 0, 1,
    ]);
    expect((await rig.call('GET', `${url}?state=lost`, merchant.apiKey)).status).toBe(400);
    const [latest] = await rig.deliveries(merchant, endpoint);
    expect((await rig.call('GET', `${url}/${latest!.id}`, merchant.apiKey)).body).toMatchObject({
      id: latest!.id,
      state: 'pending',
      nextAt: null,
      event: { type: 'whatsapp-new-message', seq: 5, data: { conversationId: thread, n: 4 } },
    });
  });

  it('may ask for each event that the log has', async () => {
    expect((await rig.endpoint(merchant, { events: TENANT_EVENT_NAMES })).status).toBe('enabled');
  });
});
