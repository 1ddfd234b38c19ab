import { newId } from '../../../src/kernel/ids.js';
import { createTestDatabase, type TestDatabase } from '../../setup/database.js';
import { PLATFORM_KEY } from '../../setup/config.js';
import { type Shop, Stand } from './shop.js';

let database: TestDatabase;
let stand: Stand;
let shop: Shop;
let ids = 6000;
const fresh = () => ({ wabaId: `1${++ids}`, phoneNumberId: `2${ids}`, accessToken: `mock_token_${ids}` });

async function connected(): Promise<ReturnType<typeof fresh>> {
  const given = fresh();
  expect((await shop.call('POST', 'connect', given)).status).toBe(201);
  return given;
}

beforeAll(async () => {
  database = await createTestDatabase();
  stand = await Stand.open(database);
});
beforeEach(() => {
  shop = stand.shop();
});
afterAll(async () => {
  await stand.close();
  await database.drop();
});

describe('A number belongs to one tenant (S2.61)', () => {
  it('and another that connects it gets 409 without being told whose it is', async () => {
    const given = await connected();
    const rival = stand.shop();
    const answer = await rival.call('POST', 'connect', { ...given, accessToken: 'mock_rival' });
    expect(answer).toMatchObject({ status: 409, body: { code: 'PHONE_NUMBER_TAKEN' } });
    expect(answer.text).not.toContain(shop.id);
    expect(await rival.rows('select 1 from whatsapp_account')).toEqual([]);
    expect(await rival.sender(given.phoneNumberId)).toEqual({ unable: 'unknown' });
    expect(await shop.sender(given.phoneNumberId)).toHaveProperty('sender');
  });

  it('until it is disconnected: then the other may connect it', async () => {
    const given = await connected();
    expect((await shop.call('DELETE', 'account')).status).toBe(204);
    const rival = stand.shop();
    expect((await rival.call('POST', 'connect', { ...given, accessToken: 'mock_rival' })).status).toBe(201);
    expect((await shop.call('POST', 'connect', given)).status).toBe(409);
  });

  it('when two tenants connect it at the same moment, one of them', async () => {
    const given = fresh();
    const answers = await Promise.all(
      [shop, stand.shop(), stand.shop()].map((one) => one.call('POST', 'connect', given)),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409]);
  });
});

describe("No route shows or changes what is another tenant's", () => {
  it('404 or nothing, whatever id is given', async () => {
    const given = await connected();
    const stranger = stand.shop();
    expect((await stranger.call('GET', 'account')).status).toBe(404);
    expect((await stranger.call('GET', `account?wabaId=${given.wabaId}`)).status).toBe(404);
    expect((await stranger.call('DELETE', `account?wabaId=${given.wabaId}`)).status).toBe(404);
    expect((await stranger.call('PATCH', `phone-numbers/${given.phoneNumberId}`, { displayName: 'mine' })).status).toBe(
      404,
    );
    expect((await stranger.call('POST', `phone-numbers/${given.phoneNumberId}/resume`)).status).toBe(404);
    expect((await stranger.call('GET', 'phone-numbers')).body).toEqual({ data: [], nextCursor: null });
    await stranger.pause(given.phoneNumberId, 'not mine');
    expect((await shop.call('GET', 'phone-numbers')).body).toMatchObject({
      data: [{ phoneNumberId: given.phoneNumberId, displayName: null, status: 'active' }],
    });
  });

  it('nor does the database, when the application names no tenant (row security alone)', async () => {
    await connected();
    const stranger = stand.shop();
    for (const table of ['whatsapp_account', 'phone_number', 'signup_token'])
      expect(await stranger.rows(`select 1 from ${table}`)).toEqual([]);
  });
});

describe('A merchant disconnects (DELETE /v1/whatsapp/account)', () => {
  it('and the token is erased, the numbers stop at once, the webhooks too', async () => {
    const given = await connected();
    expect(await shop.sender(given.phoneNumberId)).toHaveProperty('sender');
    expect((await shop.call('DELETE', 'account')).status).toBe(204);
    expect(await shop.sender(given.phoneNumberId)).toEqual({ unable: 'disconnected' });
    expect(await shop.rows('select access_token from whatsapp_account')).toEqual([{ access_token: null }]);
    expect(await stand.isSubscribed(given.wabaId)).toBe(false);
    expect((await shop.call('GET', 'account')).body).toMatchObject({ status: 'disconnected' });
    expect((await shop.call('DELETE', 'account')).status).toBe(404);
    expect(await shop.events()).toEqual(['messaging.account-connected', 'messaging.account-disconnected']);
    expect(stand.audited.at(-1)).toMatchObject({ action: 'whatsapp-account.disconnected' });
  });

  it('also when Meta cannot be asked to stop the webhooks', async () => {
    const given = await connected();
    await stand.fault({ kind: 'reset-before-accept', match: { path: 'subscribed_apps' } });
    expect((await shop.call('DELETE', 'account')).status).toBe(204);
    await stand.heal();
    expect(await shop.sender(given.phoneNumberId)).toEqual({ unable: 'disconnected' });
  });

  it('and may connect again', async () => {
    const given = await connected();
    await shop.call('DELETE', 'account');
    expect((await shop.call('POST', 'connect', given)).status).toBe(201);
    expect(await shop.sender(given.phoneNumberId)).toMatchObject({ sender: { credentialVersion: 2 } });
    expect(await shop.rows('select 1 from whatsapp_account')).toHaveLength(1);
  });
});

describe('A number', () => {
  it('is given an area, a purpose and a name (S1.23, S1.24); the rest stays', async () => {
    const { phoneNumberId } = await connected();
    const areaId = newId();
    await shop.rows(
      `insert into area (tenant_id, id, name, created_at) values ('${shop.id}', '${areaId}', 'athens', now())`,
    );
    expect(
      (await shop.call('PATCH', `phone-numbers/${phoneNumberId}`, { areaId, purpose: 'retarget' })).body,
    ).toMatchObject({ areaId, purpose: 'retarget', displayName: null });
    expect(
      (await shop.call('PATCH', `phone-numbers/${phoneNumberId}`, { displayName: 'Front desk' })).body,
    ).toMatchObject({ areaId, purpose: 'retarget', displayName: 'Front desk' });
    expect((await shop.call('PATCH', `phone-numbers/${phoneNumberId}`, { areaId: null })).body).toMatchObject({
      areaId: null,
      purpose: 'retarget',
    });
    expect(stand.audited.at(-1)).toMatchObject({ action: 'phone-number.changed', subjectId: phoneNumberId });
  });

  it("is refused a stranger's area and values that are none", async () => {
    const { phoneNumberId } = await connected();
    expect(await shop.call('PATCH', `phone-numbers/${phoneNumberId}`, { areaId: newId() })).toMatchObject({
      status: 422,
      body: { code: 'AREA_NOT_FOUND' },
    });
    for (const bad of [
      { areaId: 'x' },
      { purpose: 'spam' },
      { purpose: null },
      { displayName: 5 },
      { displayName: 'x'.repeat(101) },
      { status: 'active' },
    ]) {
      expect((await shop.call('PATCH', `phone-numbers/${phoneNumberId}`, bad)).status).toBe(400);
    }
    expect((await shop.call('PATCH', 'phone-numbers/999', { displayName: 'x' })).status).toBe(404);
  });

  it('keeps its settings when the account is connected again', async () => {
    const given = await connected();
    await shop.call('PATCH', `phone-numbers/${given.phoneNumberId}`, {
      purpose: 'retarget',
      displayName: 'Front desk',
    });
    await shop.call('POST', 'connect', given);
    expect((await shop.call('GET', 'phone-numbers')).body).toMatchObject({
      data: [{ purpose: 'retarget', displayName: 'Front desk' }],
    });
  });

  it('is paused when Meta restricts it, tells why, and sends again when a person resumes it', async () => {
    const { phoneNumberId } = await connected();
    await shop.pause(phoneNumberId, 'Spam rate limit hit');
    expect(await shop.sender(phoneNumberId)).toEqual({ unable: 'paused' });
    expect((await shop.call('GET', 'phone-numbers')).body).toMatchObject({
      data: [{ status: 'paused', pausedReason: 'Spam rate limit hit' }],
    });
    const rings = await shop.rings(phoneNumberId);
    expect((await shop.call('POST', `phone-numbers/${phoneNumberId}/resume`)).status).toBe(204);
    expect(await shop.rings(phoneNumberId)).toBe(rings + 1);
    expect(await shop.sender(phoneNumberId)).toHaveProperty('sender');
    expect(await shop.events()).toEqual([
      'messaging.account-connected',
      'messaging.phone-number-paused',
      'messaging.phone-number-resumed',
    ]);
  });

  it('sends as fast as Meta allows it (F5)', async () => {
    const given = fresh();
    await stand.declare(given.phoneNumberId, { wabaId: given.wabaId, messagesPerSecond: 500 });
    await shop.call('POST', 'connect', given);
    expect(await shop.sender(given.phoneNumberId)).toMatchObject({ throughput: 1000 });
  });
});

describe('The breakers of the WhatsApp port', () => {
  const ask = (method: string, path: string, key: string, body?: unknown) =>
    fetch(`${stand.url}/v1/whatsapp/breakers${path}`, {
      method,
      headers: {
        authorization: `Bearer ${key}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });

  it('are shown to the platform operator, and to nobody else', async () => {
    expect((await ask('GET', '', `nd_${shop.id}`)).status).toBe(403);
    expect(await (await ask('GET', '', PLATFORM_KEY)).json()).toEqual({ data: [] });
  });

  it("are reset by name (S3.48); one that is not there is 404, a credential's has no reset", async () => {
    expect((await ask('POST', '/reset', PLATFORM_KEY, { scope: 'host', key: 'graph' })).status).toBe(204);
    expect((await ask('POST', '/reset', PLATFORM_KEY, { scope: 'number', key: '1' })).status).toBe(404);
    expect((await ask('POST', '/reset', PLATFORM_KEY, { scope: 'credential', key: '1' })).status).toBe(400);
  });
});
