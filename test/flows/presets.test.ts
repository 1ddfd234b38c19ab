import type { TenantId } from '../../src/kernel/ids.js';
import { Inbox, tap } from '../conversations/inbox.js';

const ASHA = { waId: '919876543210', profileName: 'Asha' };

describe("Statements of some days, in the customer's calendar (S2.102, S2.104)", () => {
  let inbox: Inbox;
  let tenant: TenantId;
  let key: string;

  beforeAll(async () => {
    inbox = await Inbox.open();
  }, 120_000);
  afterAll(() => inbox.close());
  beforeEach(async () => {
    ({ tenantId: tenant, apiKey: key } = await inbox.merchant());
    await inbox.call('POST', '/v1/flow-presets/account-menu/import', key);
  });

  const tapped = async (id: string) => {
    inbox.clock.advance(1500);
    await inbox.arrive(tenant, inbox.message(ASHA, tap(id).body));
    return (await inbox.texts(tenant)).at(-1);
  };
  const owes = async (timezone: string) => {
    const { body } = await inbox.call<{ id: string }>('POST', '/v1/customers', key, {
      name: 'Asha',
      phone: `+${ASHA.waId}`,
      timezone,
    });
    await inbox.call('POST', `/v1/customers/${body.id}/dues`, key, {
      amount: { amountMinor: 50_000, currency: 'INR' },
      dueDate: '2031-01-01',
    });
  };

  it('of this month and of the last', async () => {
    await owes('Asia/Kolkata');
    expect(await tapped('btn_account_this_month')).toMatch(/\n1 Nov 2026 to 21 Nov 2026\n[^]*\+₹500\.00/);
    const last = await tapped('btn_account_last_month');
    expect(last).toMatch(/\n1 Oct 2026 to 31 Oct 2026\n/);
    expect(last).not.toContain('+₹500.00');
  });

  it('by the day that it is where the customer is', async () => {
    await owes('Pacific/Kiritimati');
    expect(await tapped('btn_account_this_month')).toMatch(/\n1 Nov 2026 to 22 Nov 2026\n/);
  });

  it('and of nobody without books: the fallback is said, never a blank (C19)', async () => {
    for (const id of ['btn_account_this_month', 'btn_account_last_month'])
      expect(await tapped(id)).toBe('Sorry, I cannot help with that. Please write "menu" to see what I can do.');
  });
});
