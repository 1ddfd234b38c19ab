import type { TenantId } from '../../src/kernel/ids.js';
import {
  ContactNotFound,
  FindContact,
  RecordNumberChange,
  ResolveContact,
  type ResolvedContact,
  type SeenPerson,
} from '../../src/modules/customers/index.js';
import { Commands, Queries } from '../../src/platform/cqrs/commands.js';
import { isUnavailable } from '../../src/platform/database/database-errors.js';
import { Inbox } from '../conversations/inbox.js';

describe("A merchant's contacts", () => {
  let inbox: Inbox;
  let tenant: TenantId;

  const resolve = (person: SeenPerson, from = tenant): Promise<ResolvedContact> =>
    inbox.in(from, () => inbox.get(Commands).execute(new ResolveContact(person, inbox.clock.now())));
  /** As a lane does: again, when the database had no connection to give. */
  const resolveSurely = (person: SeenPerson): Promise<ResolvedContact> =>
    resolve(person).catch((error: unknown) =>
      isUnavailable(error) ? resolveSurely(person) : Promise.reject(error as Error),
    );
  const living = (): Promise<{ id: string; identities: number }[]> =>
    inbox.sql(
      tenant,
      'select c.id, count(i.*)::int as identities from contact c left join contact_identity i on i.contact_id = c.id where c.merged_into_id is null group by c.id order by c.id',
    );

  beforeAll(async () => {
    inbox = await Inbox.open();
  });
  afterAll(() => inbox.close());
  beforeEach(() => void (tenant = inbox.newTenant()));

  it('are one a person, however many messages name them at once and in part (F15, F1)', async () => {
    const people = [1, 2, 3].map((n) => ({ waId: `91980000000${n}`, userId: `IN.${n}`, parentUserId: `IN.ENT.${n}` }));
    const parts = people.flatMap(({ waId, userId, parentUserId }) => [
      { waId },
      { userId },
      { parentUserId },
      { waId, userId },
      { userId, parentUserId },
      { waId, parentUserId },
    ]);
    const messages = [...parts, ...parts.toReversed()];
    while (messages.length > 0) await Promise.all(messages.splice(0, 9).map(resolveSurely));
    // wa_id, phone, bsuid, parent_bsuid
    expect((await living()).map(({ identities }) => identities)).toEqual([4, 4, 4]);
  });

  it('keep the older of two that turned out to be one, and whoever asks for the other finds it', async () => {
    const older = await resolve({ waId: '919800000001', profileName: 'Asha' });
    const younger = await resolve({ userId: 'IN.1' });
    expect(await resolve({ waId: '919800000001', userId: 'IN.1' })).toEqual({
      contactId: older.contactId,
      absorbedIds: [younger.contactId],
    });
    const found = await inbox.in(tenant, () => inbox.get(Queries).execute(new FindContact(younger.contactId)));
    expect(found).toMatchObject({ id: older.contactId, name: 'Asha' });
  });

  it('that were absorbed twice are found in one step', async () => {
    const first = await resolve({ waId: '919800000001' });
    const second = await resolve({ userId: 'IN.1' });
    const third = await resolve({ parentUserId: 'IN.ENT.1' });
    await resolve({ userId: 'IN.1', parentUserId: 'IN.ENT.1' });
    await resolve({ waId: '919800000001', userId: 'IN.1' });
    for (const { contactId } of [first, second, third])
      expect(await inbox.in(tenant, () => inbox.get(Queries).execute(new FindContact(contactId)))).toMatchObject({
        id: first.contactId,
      });
  });

  it("lose a number to its new owner, and say so: the old dues are not the new owner's (D11)", async () => {
    const before = await resolve({ waId: '919800000001', userId: 'IN.1' });
    const after = await resolve({ waId: '919800000001', userId: 'IN.2' });
    expect(after.contactId).not.toBe(before.contactId);
    expect(
      await inbox.sql(
        tenant,
        `select aggregate_id, payload from outbox_event where type = 'customers.identity-reassigned' order by seq`,
      ),
    ).toMatchObject([
      { aggregate_id: before.contactId, payload: { toContactId: after.contactId, identity: { kind: 'wa_id' } } },
      { aggregate_id: before.contactId, payload: { toContactId: after.contactId, identity: { kind: 'phone' } } },
    ]);
  });

  it('keep their id through a change of number', async () => {
    const { contactId } = await resolve({ waId: '919800000001' });
    const changed = await inbox.in(tenant, () =>
      inbox
        .get(Commands)
        .execute(
          new RecordNumberChange({ waId: '919800000001' }, { waId: '919800000002', userId: 'IN.9' }, inbox.clock.now()),
        ),
    );
    expect(changed.contactId).toBe(contactId);
    expect((await resolve({ userId: 'IN.9' })).contactId).toBe(contactId);
    expect((await resolve({ waId: '919800000001' })).contactId).not.toBe(contactId);
  });

  it("are nobody else's (G6)", async () => {
    const { contactId } = await resolve({ waId: '919800000001' });
    const other = inbox.newTenant();
    expect((await resolve({ waId: '919800000001' }, other)).contactId).not.toBe(contactId);
    await expect(inbox.in(other, () => inbox.get(Queries).execute(new FindContact(contactId)))).rejects.toThrow(
      ContactNotFound,
    );
  });
});
