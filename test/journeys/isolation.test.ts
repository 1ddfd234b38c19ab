import { PLATFORM_KEY } from '../setup/config.js';
import { until } from '../setup/until.js';
import { type Merchant, Rig } from './rig.js';

/** Routes that belong to nobody's tenant, or to the platform operator, with the reason. */
const EXEMPT: Record<string, string> = {
  'POST /v1/auth/login': 'names no id',
  'POST /v1/auth/refresh': 'the token is the id',
  'POST /v1/auth/logout': 'the token is the id',
  'GET /v1/media/{id}/content': 'the link is the credential: test/media/links forges it',
};

/** Lists that are the same for all merchants. */
const COMMON: Record<string, string> = {
  '/v1/billing/rate-cards': "the installation's prices",
};

/** A valid body for each route that takes an id and a body, so that nothing but the foreign id can be the reason of a refusal. */
const BODIES: Record<string, unknown> = {
  'PATCH /v1/tenants/{id}': { name: 'Taken over' },
  'POST /v1/dead-letters/{id}/discard': { reason: 'Taken over' },
  'PATCH /v1/users/{id}': { name: 'Taken over' },
  'POST /v1/users/{id}/password': { newPassword: 'a-taken-over-password' },
  'PATCH /v1/areas/{id}': { name: 'taken-over' },
  'PATCH /v1/whatsapp/phone-numbers/{phoneNumberId}': { displayName: 'Taken over' },
  'PATCH /v1/customers/{id}': { name: 'Taken over' },
  'POST /v1/customers/{id}/dues': { amount: { amountMinor: 100, currency: 'INR' }, dueDate: '2027-01-01' },
  'POST /v1/customers/{id}/payments': { amount: { amountMinor: 100, currency: 'INR' } },
  'PATCH /v1/dues/{id}': { description: 'Taken over' },
  'POST /v1/dues/{id}/write-off': { reason: 'Taken over' },
  'POST /v1/dues/{id}/pause': { until: '2027-01-01T00:00:00Z' },
  'PATCH /v1/payment-terms/{id}': { name: 'Taken over' },
  'POST /v1/customers/{id}/commitments': { dueId: '0190a000-0000-7000-8000-000000000000', answer: 'PAY_WEEK' },
  'PATCH /v1/reminders/{id}': { scheduledFor: '2027-01-01T00:00:00Z' },
  'POST /v1/conversations/{id}/messages': { type: 'text', text: 'Taken over' },
  'PATCH /v1/conversations/{id}': { status: 'archived' },
  'POST /v1/conversations/{id}/assign': { userId: null },
  'POST /v1/conversations/{id}/notes': { body: 'Taken over' },
  'PATCH /v1/conversations/{id}/notes/{noteId}': { body: 'Taken over' },
  'PATCH /v1/labels/{id}': { name: 'Taken over' },
  'PATCH /v1/canned-replies/{id}': { body: 'Taken over' },
  'POST /v1/canned-replies/{id}/render': { conversationId: '0190a000-0000-7000-8000-000000000000' },
  'PATCH /v1/reply-rules/{id}': { enabled: false },
  'PUT /v1/flow-templates/{key}': { kind: 'text', body: 'Taken over' },
  'PATCH /v1/flow-templates/{key}': { body: 'Taken over' },
  'PATCH /v1/webhook-endpoints/{id}': { description: 'Taken over' },
  'POST /v1/webhook-endpoints/{id}/replay': { state: 'exhausted' },
};

interface Operation {
  method: string;
  path: string;
  route: string;
}

describe("No route shows or touches what is another tenant's (F49, G6, ASVS 8.4.1)", () => {
  let rig: Rig;
  let alice: Merchant;
  let bob: Merchant;
  let operations: Operation[];
  /** Every id of Bob's that a list of his shows, by the collection that it came from. */
  const bobs = new Map<string, string[]>();

  beforeAll(async () => {
    rig = await Rig.start();
    alice = await rig.merchant(1);
    bob = await rig.merchant(2);
    for (const merchant of [alice, bob]) {
      await rig.write('919811111111', merchant.phoneNumberId, { text: 'hi' });
      await rig.call('POST', '/v1/areas', merchant.token, { name: 'athens' });
      await rig.call('POST', '/v1/api-keys', merchant.token, { name: 'key', scopes: ['messages:write'] });
      await rig.call('POST', '/v1/webhook-endpoints', merchant.token, { url: 'https://hooks.example/nodue' });
    }
    await until(async () => ((await rig.outgoing())['read'] ?? 0) === 2, { within: 30_000 });
    const { body } = await rig.call<{ paths: Record<string, Record<string, unknown>> }>(
      'GET',
      '/openapi.json',
      undefined,
    );
    operations = Object.entries(body.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => ({
        method: method.toUpperCase(),
        path,
        route: `${method.toUpperCase()} ${path}`,
      })),
    );
    for (const { path } of operations.filter(
      ({ method, path: p }) => method === 'GET' && p.startsWith('/v1/') && !p.includes('{'),
    )) {
      if (path in COMMON) continue;
      const list = await rig.call<{ data?: Record<string, string>[] }>('GET', path, bob.token);
      const ids = (list.body.data ?? [])
        .map((row) => row['id'] ?? row['messageId'] ?? row['phoneNumberId'])
        .filter((id): id is string => typeof id === 'string');
      if (ids.length > 0) bobs.set(path, ids);
    }
    bobs.set('/v1/tenants', [bob.tenantId]);
  });
  afterAll(() => rig.stop());

  it('in any list', async () => {
    const foreign = [...bobs.values()].flat().filter((id) => !id.startsWith('9198'));
    const leaks: string[] = [];
    for (const { path } of operations.filter(
      ({ method, path: p }) => method === 'GET' && p.startsWith('/v1/') && !p.includes('{'),
    )) {
      const text = JSON.stringify((await rig.call('GET', path, alice.token)).body);
      if (foreign.some((id) => text.includes(id)) || text.includes('Merchant 2')) leaks.push(path);
    }
    expect(leaks).toEqual([]);
    expect(bobs.size).toBeGreaterThan(5);
  });

  it('by any id, with any verb', async () => {
    const wrong: string[] = [];
    let tried = 0;
    for (const { method, path, route } of operations.filter(
      ({ path: p, route: r }) => p.includes('{') && !(r in EXEMPT),
    )) {
      const collection = path.slice(0, path.indexOf('/{'));
      const ids = bobs.get(collection) ?? ['0190a000-0000-7000-8000-000000000000'];
      const target = path.replace(/\{[^}]+\}/g, ids[0]!);
      const answer = await rig.call(
        method,
        target,
        alice.token,
        method === 'GET' || method === 'DELETE' ? undefined : (BODIES[route] ?? {}),
      );
      const platformOnly = answer.status === 403;
      tried++;
      if (answer.status !== 404 && !platformOnly)
        wrong.push(`${route} answered ${answer.status} ${JSON.stringify(answer.body).slice(0, 200)}`);
    }
    expect(wrong).toEqual([]);
    expect(tried).toBeGreaterThan(10);
  });

  it('and the same requests succeed for the owner, so the refusals mean something', async () => {
    for (const [collection, ids] of bobs) {
      const single = operations.find(
        ({ method, path }) =>
          method === 'GET' &&
          path.startsWith(`${collection}/{`) &&
          path.split('/').length === collection.split('/').length + 1,
      );
      if (!single) continue;
      const answer = await rig.call(
        'GET',
        single.path.replace(/\{[^}]+\}/, ids[0]!),
        collection === '/v1/tenants' ? PLATFORM_KEY : bob.token,
      );
      expect({ path: single.path, status: answer.status }).toEqual({ path: single.path, status: 200 });
    }
  });

  it('and without a credential every route of the API answers 401 (S0.97)', async () => {
    const open: string[] = [];
    for (const { method, path, route } of operations.filter(({ path: p }) => p.startsWith('/v1/'))) {
      const answer = await rig.call(
        method,
        path.replace(/\{[^}]+\}/g, '0190a000-0000-7000-8000-000000000000'),
        undefined,
        method === 'GET' || method === 'DELETE' ? undefined : {},
      );
      if (answer.status !== 401 && !(route in EXEMPT)) open.push(`${route} ${answer.status}`);
    }
    expect(open).toEqual([]);
  });
});
