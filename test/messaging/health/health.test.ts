import { newId, type TenantId, tenantId } from '../../../src/kernel/ids.js';
import type { ProviderChange } from '../../../src/modules/messaging/application/changes/provider-change.js';
import { AccountAlerts } from '../../../src/modules/messaging/application/health/account-alerts.js';
import {
  type NumberReading,
  NumberReadings,
} from '../../../src/modules/messaging/application/health/number-readings.js';
import { ReadNumberHealth } from '../../../src/modules/messaging/application/health/read-number-health.js';
import { WhatsAppAccounts } from '../../../src/modules/messaging/application/accounts/whatsapp-accounts.js';
import { ProviderUnreachable } from '../../../src/modules/messaging/domain/account-errors.js';
import { WhatsAppAccount } from '../../../src/modules/messaging/domain/whatsapp-account.js';
import { FollowAccountChanges } from '../../../src/modules/messaging/infrastructure/health/follow-account-changes.js';
import { PauseNumbersWhenAccountStopped } from '../../../src/modules/messaging/infrastructure/health/pause-numbers-when-account-stopped.js';
import { PrunePhoneHealth } from '../../../src/modules/messaging/infrastructure/health/prune-phone-health.js';
import { UnitOfWork } from '../../../src/platform/database/unit-of-work.js';
import { Inbox } from '../../conversations/inbox.js';
import { PLATFORM_KEY } from '../../setup/config.js';

const HOUR = 60 * 60_000;
const WELL: NumberReading = {
  qualityRating: 'GREEN',
  status: 'CONNECTED',
  throughput: 'STANDARD',
  messagingTier: 'TIER_2K',
  messagesPerSecond: 80,
  verifiedName: 'Shop',
  raw: {},
};

interface Health {
  phoneNumberId: string;
  verdict: string;
  reasons: string[];
  takenAt: string | null;
  stale: boolean;
  refreshFailed?: string;
}

describe('How numbers are (S1.58-S1.62, S1.86, S1.105)', () => {
  let inbox: Inbox;
  let tenant: TenantId;
  let admin: string;
  let apiKey: string;
  let answer: () => NumberReading;
  const [wabaId, jaipur, delhi] = ['524126980791429', '106540352242922', '106540352242933'];

  beforeAll(async () => {
    inbox = await Inbox.open();
    answerWith(inbox.get(NumberReadings), () => answer());
  });
  afterAll(() => inbox.close());

  beforeEach(async () => {
    answer = () => WELL;
    const person = { email: `${newId()}@merchant.example`, password: 'a-long-test-password', name: 'Admin' };
    const { body } = await inbox.call<{ tenant: { id: string }; apiKey: string }>('POST', '/v1/tenants', PLATFORM_KEY, {
      name: 'Merchant',
      country: 'IN',
      currency: 'INR',
      admin: person,
    });
    tenant = tenantId(body.tenant.id);
    apiKey = body.apiKey;
    admin = await logIn(person.email, person.password);
    await inbox.in(tenant, () =>
      inbox.get(UnitOfWork).run(async () => {
        const numbers = [jaipur, delhi].map((phoneNumberId, n) => ({
          phoneNumberId,
          displayPhoneNumber: `+1555078388${n}`,
          verifiedName: null,
          qualityRating: null,
          throughput: 80,
        }));
        const account = WhatsAppAccount.connect(
          { wabaId, businessProfileId: null, accessToken: 'token', numbers },
          inbox.clock.now(),
        );
        await inbox.get(WhatsAppAccounts).save(account);
      }),
    );
  });

  const logIn = async (email: string, password: string): Promise<string> =>
    (await inbox.call<{ accessToken: string }>('POST', '/v1/auth/login', '', { email, password })).body.accessToken;

  async function colleague(role: string, areas: string[] = []): Promise<string> {
    const [email, password] = [`${newId()}@merchant.example`, 'a-colleagues-password'];
    await inbox.call('POST', '/v1/users', admin, { email, password, name: role, role, areas });
    return logIn(email, password);
  }

  const health = async (token = admin, query = ''): Promise<Health[]> =>
    (await inbox.call<{ data: Health[] }>('GET', `/v1/whatsapp/phone-health${query}`, token)).body.data;

  const read = (phoneNumberId = jaipur) => inbox.in(tenant, () => inbox.get(ReadNumberHealth).of(phoneNumberId));

  const tell = (change: ProviderChange): Promise<void> =>
    inbox.in(tenant, () =>
      inbox.get(UnitOfWork).runSql(() =>
        inbox.get(FollowAccountChanges).consume(change, {
          eventId: newId(),
          field: 'account_update',
          wabaId,
          phoneNumberId: undefined,
          at: inbox.clock.now(),
          raw: {},
        }),
      ),
    );

  interface Alert {
    id: string;
    code: string;
    severity: string;
    phoneNumberId: string | null;
    detail: Record<string, unknown>;
    acknowledgedBy: string | null;
  }

  const alerts = async (token = admin, query = ''): Promise<Alert[]> =>
    (await inbox.call<{ data: Alert[] }>('GET', `/v1/alerts${query}`, token)).body.data;

  const rings = () =>
    inbox.sql<{ key: string }>(
      tenant,
      `select key from lane_ring where kind = 'phone-health' and tenant_id = '${tenant}'`,
    );

  it('a reading is served as it is for 6 hours, renewed behind the scenes after, stale after 12 (S1.60, S1.105)', async () => {
    await Promise.all([read(jaipur), read(delhi)]);
    const seen: [boolean | undefined, number][] = [];
    for (const minutes of [359, 2, 358, 2]) {
      inbox.clock.advance(minutes * 60_000);
      const [before, [number]] = [(await rings()).length, await health()];
      seen.push([number?.stale, (await rings()).length - before]);
    }
    // 5:59, 6:01, 11:59, 12:01
    expect(seen).toEqual([
      [false, 0],
      [false, 2],
      [false, 2],
      [true, 2],
    ]);
  });

  it('each number is shown with its quality, status and throughput (S1.58, S1.86)', async () => {
    await read(jaipur);
    expect(await health()).toMatchObject([
      {
        phoneNumberId: jaipur,
        quality: 'GREEN',
        status: 'CONNECTED',
        throughput: 'STANDARD',
        messagingTier: 'TIER_2K',
        verdict: 'good',
        reasons: [],
        takenAt: inbox.clock.now().toISOString(),
        stale: false,
      },
      { phoneNumberId: delhi, quality: null, status: null, throughput: null },
    ]);
  });

  it('a number that was never asked for is unknown and stale, and asked for (S1.86)', async () => {
    expect(await health()).toMatchObject([
      { phoneNumberId: jaipur, verdict: 'unknown', reasons: ['NEVER_READ'], takenAt: null, stale: true },
      { phoneNumberId: delhi },
    ]);
    expect((await rings()).map(({ key }) => key)).toEqual(expect.arrayContaining([jaipur, delhi]));
  });

  it('only administrators have it asked for, once a minute (S1.61)', async () => {
    for (const role of ['DEVELOPER', 'SALES_TEAM_LEAD', 'SALES', 'LEAD_GEN'])
      expect((await inbox.call('GET', '/v1/whatsapp/phone-health?refresh=true', await colleague(role))).status).toBe(
        403,
      );
    expect((await inbox.call('GET', '/v1/whatsapp/phone-health?refresh=true', apiKey)).status).toBe(403);
    expect(await health(admin, '?refresh=true')).toMatchObject([{ verdict: 'good' }, { verdict: 'good' }]);
    expect((await inbox.call('GET', '/v1/whatsapp/phone-health?refresh=true', admin)).status).toBe(429);
    inbox.clock.advance(60_000);
    answer = () => {
      throw new ProviderUnreachable('HTTP_503');
    };
    const [number] = await health(admin, '?refresh=true');
    expect(number).toMatchObject({
      verdict: 'good',
      refreshFailed: expect.stringContaining('could not be reached') as string,
    });
  });

  it('is shown by area, as the numbers are (S1.62)', async () => {
    const area = (await inbox.call<{ id: string }>('POST', '/v1/areas', admin, { name: 'jaipur' })).body.id;
    await inbox.call('PATCH', `/v1/whatsapp/phone-numbers/${jaipur}`, admin, { areaId: area });
    const numbers = async (token: string) =>
      (await inbox.call<{ data: Health[] }>('GET', '/v1/whatsapp/phone-numbers', token)).body.data;
    await inbox.in(tenant, () =>
      inbox.get(UnitOfWork).run(async () => {
        for (const phoneNumberId of [jaipur, delhi])
          await inbox.get(AccountAlerts).raise({ code: 'TEST', severity: 'info', phoneNumberId, detail: {} });
      }),
    );
    for (const [role, areas, seen] of [
      ['DEVELOPER', [], [jaipur, delhi]],
      ['SALES_TEAM_LEAD', [area], [jaipur]],
      ['SALES', [area], [jaipur]],
      ['LEAD_GEN', [area], [jaipur]],
      ['LEAD_GEN', [], []],
    ] as const) {
      const token = await colleague(role, [...areas]);
      expect((await health(token)).map(({ phoneNumberId }) => phoneNumberId)).toEqual(seen);
      expect((await numbers(token)).map(({ phoneNumberId }) => phoneNumberId)).toEqual(seen);
      expect((await alerts(token)).map(({ phoneNumberId }) => phoneNumberId).sort()).toEqual([...seen].sort());
    }
  });

  it('gets worse with an alert, once, and an event (S1.59)', async () => {
    await read();
    answer = () => ({ ...WELL, qualityRating: 'RED' });
    inbox.clock.advance(HOUR);
    await read();
    inbox.clock.advance(HOUR);
    await read();
    expect(await alerts(admin, '?open=true')).toMatchObject([
      {
        code: 'QUALITY_DROPPED',
        severity: 'danger',
        phoneNumberId: jaipur,
        detail: { verdict: 'danger', before: 'good' },
      },
    ]);
    const events = await inbox.sql(
      tenant,
      `select phone_number_id, payload from tenant_event where name = 'notification'`,
    );
    expect(events).toMatchObject([
      { phone_number_id: jaipur, payload: { kind: 'account-alert', code: 'QUALITY_DROPPED' } },
    ]);
    const [number] = await inbox.sql(
      tenant,
      `select quality_rating from phone_number where phone_number_id = '${jaipur}'`,
    );
    expect(number).toEqual({ quality_rating: 'RED' });
  });

  it('an alert stands until somebody acknowledges it, whoever raises it meanwhile', async () => {
    const raise = (detail: object, subject = 'offer/en') =>
      inbox.in(tenant, () =>
        inbox
          .get(UnitOfWork)
          .runSql(() =>
            inbox
              .get(AccountAlerts)
              .raise({ code: 'TEMPLATE_PAUSED', severity: 'warning', subject, detail: { ...detail } }),
          ),
      );
    await raise({ n: 1 });
    await raise({ n: 2 });
    await raise({ n: 1 }, 'other/en');
    const open = await alerts(admin, '?open=true');
    expect(open.map(({ detail }) => detail['n'])).toEqual([1, 2]);
    const { id } = open[1]!;
    expect((await inbox.call('POST', `/v1/alerts/${id}/acknowledge`, await colleague('SALES'))).status).toBe(403);
    const stranger = await inbox.merchant();
    expect((await inbox.call('POST', `/v1/alerts/${id}/acknowledge`, stranger.apiKey)).status).toBe(404);
    expect(await inbox.call('POST', `/v1/alerts/${id}/acknowledge`, admin)).toMatchObject({
      status: 200,
      body: { acknowledgedBy: expect.stringMatching(/^user:/) as string },
    });
    await raise({ n: 3 });
    expect((await alerts(admin, '?open=true')).map(({ detail }) => detail['n'])).toEqual([3, 1]);
    expect(await alerts(admin, '?open=false')).toHaveLength(1);
  });

  it('follows the webhooks: flagged, faster, renamed', async () => {
    await read();
    inbox.clock.advance(1000);
    await tell({ kind: 'number-quality', displayPhoneNumber: '15550783880', event: 'FLAGGED' });
    inbox.clock.advance(1000);
    await tell({
      kind: 'number-quality',
      displayPhoneNumber: '15550783880',
      event: 'THROUGHPUT_UPGRADE',
      messagingTier: 'TIER_UNLIMITED',
    });
    inbox.clock.advance(1000);
    await tell({
      kind: 'number-name',
      displayPhoneNumber: '15550783880',
      decision: 'APPROVED',
      requestedName: 'New shop',
    });
    expect((await health())[0]).toMatchObject({
      name: 'New shop',
      status: 'FLAGGED',
      throughput: 'HIGH',
      verdict: 'warning',
    });
    const [number] = await inbox.sql(tenant, `select throughput from phone_number where phone_number_id = '${jaipur}'`);
    expect(number).toEqual({ throughput: 1000 });
    expect((await alerts()).map(({ code }) => code)).toEqual(['NAME_APPROVED', 'PHONE_HEALTH_WORSE']);
  });

  it('a banned account sends nothing until it is reinstated; what was paused before stays paused (F8)', async () => {
    const change = (state: string): ProviderChange => ({
      kind: 'account',
      event: 'DISABLED_UPDATE',
      severity: 'danger',
      detail: { ban_info: { waba_ban_state: state } },
    });
    const react = async (type: string) => {
      const [event] = await inbox.sql<{ id: string; aggregate_id: string; payload: Record<string, unknown> }>(
        tenant,
        `select id, aggregate_id, payload from outbox_event where type = $1 order by id desc limit 1`,
        [type],
      );
      await inbox.in(tenant, () =>
        inbox.get(UnitOfWork).run(() =>
          inbox.get(PauseNumbersWhenAccountStopped).on({
            id: event!.id,
            type,
            aggregateId: event!.aggregate_id,
            occurredAt: inbox.clock.now(),
            payload: event!.payload,
          }),
        ),
      );
      return inbox.sql(
        tenant,
        `select phone_number_id as id, status, paused_reason as reason from phone_number order by 1`,
      );
    };
    await inbox.sql(
      tenant,
      `update phone_number set status = 'paused', paused_reason = 'spam' where phone_number_id = '${delhi}'`,
    );
    await tell(change('DISABLE'));
    expect(await react('messaging.account-stopped')).toEqual([
      { id: jaipur, status: 'paused', reason: 'ACCOUNT_DISABLED' },
      { id: delhi, status: 'paused', reason: 'spam' },
    ]);
    expect((await health())[0]).toMatchObject({ verdict: 'danger' });
    await tell(change('REINSTATE'));
    expect(await react('messaging.account-reinstated')).toEqual([
      { id: jaipur, status: 'active', reason: null },
      { id: delhi, status: 'paused', reason: 'spam' },
    ]);
  });

  it('keeps what was said for 90 days', async () => {
    await read();
    await inbox.sql(tenant, `update phone_health set taken_at = taken_at - interval '400 days'`);
    await read(delhi);
    await inbox.get(PrunePhoneHealth).clear();
    expect(await inbox.sql(tenant, 'select phone_number_id from phone_health')).toEqual([{ phone_number_id: delhi }]);
  });
});

/** The provider as a test wants it. */
function answerWith(readings: NumberReadings, answer: () => NumberReading): void {
  readings.read = () => Promise.resolve().then(answer);
}
