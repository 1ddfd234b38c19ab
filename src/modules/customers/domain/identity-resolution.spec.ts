import fc from 'fast-check';
import { canonicalPhone, identityKey, type NamedPerson } from './identity.js';
import {
  claimed,
  claimOfChange,
  claimOfSender,
  type IdentityClaim,
  type KnownContact,
  resolve,
} from './identity-resolution.js';

/** Contacts in memory, moved as the repository moves rows: ids grow with age. */
class World {
  readonly contacts = new Map<string, KnownContact>();
  #next = 0;

  apply(claim: IdentityClaim): string {
    const asked = new Set(claimed(claim).map(identityKey));
    const known = [...this.contacts.values()].filter(({ identities }) =>
      identities.some((identity) => asked.has(identityKey(identity))),
    );
    const { contactId, absorbs, learns, takes, loses } = resolve(claim, known);
    const id = contactId ?? `c${String(this.#next++).padStart(4, '0')}`;
    const lost = new Set(loses.map(identityKey));
    for (const { from, identity } of takes) this.#keep(from, (own) => identityKey(own) !== identityKey(identity));
    const own = [
      ...(this.contacts.get(id)?.identities ?? []),
      ...absorbs.flatMap(({ identities }) => identities),
      ...learns,
    ].filter((identity) => !lost.has(identityKey(identity)));
    absorbs.forEach((absorbed) => this.contacts.delete(absorbed.id));
    this.contacts.set(id, { id, identities: own });
    return id;
  }

  get partition(): string[][] {
    return [...this.contacts.values()]
      .map(({ identities }) => identities.map(identityKey).sort())
      .sort((a, b) => (a.join() < b.join() ? -1 : 1));
  }

  #keep(id: string, wanted: (identity: KnownContact['identities'][number]) => boolean): void {
    const contact = this.contacts.get(id)!;
    this.contacts.set(id, { id, identities: contact.identities.filter(wanted) });
  }
}

const person = (n: number): NamedPerson => ({ waId: `9198${n}`, userId: `IN.${n}`, parentUserId: `IN.ENT.${n}` });

/** A message of one of three people that names some of what they are known by. Usernames are apart: they name their latest owner. */
const message = fc
  .record({
    who: fc.integer({ min: 1, max: 3 }),
    shows: fc.subarray(['waId', 'userId', 'parentUserId'] as const, { minLength: 1 }),
  })
  .map(({ who, shows }) => Object.fromEntries(shows.map((field) => [field, person(who)[field]])) as NamedPerson);

describe('Who a message is from (F1, D11)', () => {
  it('does not depend on the order in which messages came', () => {
    fc.assert(
      fc.property(
        fc
          .array(message, { minLength: 1, maxLength: 12 })
          .chain((messages) =>
            fc.tuple(fc.constant(messages), fc.shuffledSubarray(messages, { minLength: messages.length })),
          ),
        ([messages, shuffled]) => {
          const [world, other] = [new World(), new World()];
          messages.forEach((named) => world.apply(claimOfSender(named)));
          shuffled.forEach((named) => other.apply(claimOfSender(named)));
          expect(other.partition).toEqual(world.partition);
        },
      ),
    );
  });

  it('never mixes two people, and repeating a message changes nothing', () => {
    fc.assert(
      fc.property(fc.array(message, { maxLength: 20 }), (messages) => {
        const world = new World();
        for (const named of messages) {
          const id = world.apply(claimOfSender(named));
          expect(world.apply(claimOfSender(named))).toBe(id);
        }
        for (const identities of world.partition) expect(new Set(identities.map((key) => key.slice(-1))).size).toBe(1);
      }),
    );
  });

  it('is one contact for one number and one user id, whichever was known first', () => {
    const world = new World();
    const byNumber = world.apply(claimOfSender({ waId: '919800000001' }));
    world.apply(claimOfSender({ userId: 'IN.1' }));
    expect(world.contacts.size).toBe(2);
    expect(world.apply(claimOfSender({ waId: '919800000001', userId: 'IN.1' }))).toBe(byNumber);
    expect(world.contacts.size).toBe(1);
  });

  it('is somebody else when a known number comes with another user id: the number was given to a new owner', () => {
    const world = new World();
    const before = world.apply(claimOfSender({ waId: '919800000001', userId: 'IN.1' }));
    const after = world.apply(claimOfSender({ waId: '919800000001', userId: 'IN.2' }));
    expect(after).not.toBe(before);
    expect(world.apply(claimOfSender({ waId: '919800000001' }))).toBe(after);
    expect(world.apply(claimOfSender({ userId: 'IN.1' }))).toBe(before);
  });

  it('joins the user ids that one parent id proves to be one person', () => {
    const world = new World();
    const first = world.apply(claimOfSender({ userId: 'IN.1', parentUserId: 'IN.ENT.1' }));
    expect(world.apply(claimOfSender({ userId: 'IN.2', parentUserId: 'IN.ENT.1' }))).toBe(first);
    expect(world.contacts.size).toBe(1);
  });

  it('lets a username name its latest owner, and tells people apart by it only when there is nothing else', () => {
    const world = new World();
    const first = world.apply(claimOfSender({ userId: 'IN.1', username: '@Asha' }));
    expect(world.apply(claimOfSender({ username: 'asha' }))).toBe(first);
    const second = world.apply(claimOfSender({ userId: 'IN.2', username: 'asha' }));
    expect(second).not.toBe(first);
    expect(world.apply(claimOfSender({ username: 'ASHA' }))).toBe(second);
  });
});

describe('A change of number that Meta announces (F1)', () => {
  it('keeps the contact, and leaves the old number to whoever gets it', () => {
    const world = new World();
    const asha = world.apply(claimOfSender({ waId: '919800000001', userId: 'IN.1' }));
    expect(world.apply(claimOfChange({ waId: '919800000001' }, { waId: '919800000002' }))).toBe(asha);
    expect(world.apply(claimOfSender({ waId: '919800000002' }))).toBe(asha);
    expect(world.apply(claimOfSender({ waId: '919800000001' }))).not.toBe(asha);
  });

  it.each([
    ['names the new user id', { waId: '919800000002', userId: 'IN.9' }],
    ['leaves it out', { waId: '919800000002' }],
  ])(
    'keeps the contact when the user id changes with the number, as Meta has it, and the announcement %s',
    (_, after) => {
      const world = new World();
      const asha = world.apply(claimOfSender({ waId: '919800000001', userId: 'IN.1', parentUserId: 'IN.ENT.1' }));
      expect(world.apply(claimOfChange({ waId: '919800000001' }, after))).toBe(asha);
      expect(world.apply(claimOfSender({ waId: '919800000002', userId: 'IN.9', parentUserId: 'IN.ENT.9' }))).toBe(asha);
      expect(world.apply(claimOfSender({ userId: 'IN.9' }))).toBe(asha);
      expect(world.apply(claimOfSender({ waId: '919800000001', userId: 'IN.5' }))).not.toBe(asha);
    },
  );

  it("that comes again, through another of the merchant's numbers, does not touch the old number's new owner", () => {
    const world = new World();
    const change = claimOfChange({ waId: '919800000001' }, { waId: '919800000002', userId: 'IN.9' });
    const asha = world.apply(claimOfSender({ waId: '919800000001', userId: 'IN.1' }));
    world.apply(change);
    const newOwner = world.apply(claimOfSender({ waId: '919800000001', userId: 'IN.5' }));
    expect(world.apply(change)).toBe(asha);
    expect(world.apply(claimOfSender({ waId: '919800000001', userId: 'IN.5' }))).toBe(newOwner);
  });

  it('follows a new user id to the contact of the old one', () => {
    const world = new World();
    const asha = world.apply(claimOfSender({ userId: 'IN.1' }));
    expect(world.apply(claimOfChange({ userId: 'IN.1' }, { userId: 'IN.9' }))).toBe(asha);
    expect(world.apply(claimOfSender({ userId: 'IN.9' }))).toBe(asha);
  });

  it("does not hand over the dues of the new number's former owner", () => {
    const world = new World();
    const asha = world.apply(claimOfSender({ waId: '919800000001' }));
    const formerOwner = world.apply(claimOfSender({ waId: '919800000002' }));
    expect(world.apply(claimOfChange({ waId: '919800000001' }, { waId: '919800000002' }))).toBe(asha);
    expect(world.contacts.get(formerOwner)!.identities).toEqual([]);
    expect(world.apply(claimOfSender({ waId: '919800000002' }))).toBe(asha);
  });

  it('makes one contact when the person had already written with the new user id', () => {
    const world = new World();
    const asha = world.apply(claimOfSender({ waId: '919800000001', userId: 'IN.1' }));
    world.apply(claimOfSender({ waId: '919800000002', userId: 'IN.9' }));
    expect(
      world.apply(claimOfChange({ waId: '919800000001', userId: 'IN.1' }, { waId: '919800000002', userId: 'IN.9' })),
    ).toBe(asha);
    expect(world.contacts.size).toBe(1);
  });
});

describe('The phone of a wa_id (D11)', () => {
  it.each([
    ['919876543210', '+919876543210'],
    ['551187654321', '+5511987654321'],
    ['5511987654321', '+5511987654321'],
    ['551133334444', '+551133334444'],
    ['5215512345678', '+525512345678'],
    ['525512345678', '+525512345678'],
  ])('of %s is %s', (waId, phone) => expect(canonicalPhone(waId)).toBe(phone));
});
