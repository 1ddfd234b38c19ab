import { ListDecisions } from '../../src/modules/reminders/application/explaining/list-decisions.js';
import { Queries } from '../../src/platform/cqrs/commands.js';
import { newId } from '../../src/kernel/ids.js';
import { until } from '../setup/until.js';
import { CollectionRig, type Debt, type Merchant } from './collection-rig.js';

describe('Reminders and marketing (F7, F8, C54)', () => {
  let rig: CollectionRig;
  let merchant: Merchant;
  let [stopped, other]: Debt[] = [];

  beforeAll(async () => {
    rig = await CollectionRig.open('all');
  });
  afterAll(() => rig.close());
  beforeEach(async () => {
    rig.provider.posted.length = 0;
    merchant = await rig.merchant();
    [stopped, other] = await rig.debts(merchant, 2);
    await rig.notDueForDays(merchant);
    await rig.sql(
      merchant,
      `insert into marketing_preference (tenant_id, phone_number_id, address_kind, address, choice, chosen_at, raw)
       values ($1::uuid, $2, 'phone', $3, 'stop', now(), '{}')`,
      [merchant.tenantId, merchant.phoneNumberId, stopped!.phone],
    );
  });

  const counted = (category: string): Promise<unknown> =>
    rig.sql(
      merchant,
      `insert into wa_template (tenant_id, id, account_id, name, language, category, status, parameter_format, components, told_at, created_at, updated_at)
       select $1::uuid, $2::uuid, id, 'interactive_before_due1', 'en', $3, 'approved', 'named', '[]', '{}', now(), now() from whatsapp_account`,
      [merchant.tenantId, newId(), category],
    );
  const settled = (): Promise<unknown> =>
    until(
      async () => {
        const { pending = 0, queued = 0 } = await rig.statuses(merchant);
        return pending + queued === 0;
      },
      { within: 30_000 },
    );
  const posted = (): string[] => rig.provider.posted.map(({ to }) => to);

  it('who has stopped marketing is reminded with a utility template as before', async () => {
    await counted('utility');
    await rig.ring(merchant);
    await settled();
    expect(await rig.statuses(merchant)).toEqual({ sent: 2 });
    expect(new Set(posted())).toEqual(new Set([stopped!.phone, other!.phone]));
  });

  it('one whose template WhatsApp counts as marketing is cancelled, and says so; others get it', async () => {
    await counted('marketing');
    await rig.ring(merchant);
    await settled();
    expect(await rig.statuses(merchant)).toEqual({ cancelled: 1, sent: 1 });
    expect(posted()).toEqual([other!.phone]);
    const [reminder] = await rig.sql(merchant, 'select status, reason, sent_at from reminder where id = $1::uuid', [
      stopped!.reminderId,
    ]);
    expect(reminder).toEqual({ status: 'cancelled', reason: 'MARKETING_STOPPED', sent_at: null });
    const decisions = await rig.as(merchant, () =>
      rig.get(Queries).execute(new ListDecisions(stopped!.reminderId, 10, undefined)),
    );
    expect(JSON.stringify(decisions)).toContain(
      'Not sent: the customer has stopped marketing messages, and WhatsApp counts its template among them.',
    );
    const [customer] = await rig.sql(
      merchant,
      'select last_reminder_at, opted_out_at from customer where id = $1::uuid',
      [stopped!.customerId],
    );
    expect(customer).toEqual({ last_reminder_at: null, opted_out_at: null });
  });
});
