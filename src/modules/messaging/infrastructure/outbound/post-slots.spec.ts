import fc from 'fast-check';
import { newId, tenantId, type TenantId } from '../../../../kernel/ids.js';
import { PostSlots, type SlotHolder } from './post-slots.js';

/** A number that always has more to send, and counts what it was given. */
class BusyNumber implements SlotHolder {
  held = 0;
  grants = 0;
  constructor(
    readonly tenantId: TenantId,
    private readonly slots: PostSlots,
  ) {}

  takeOne(): boolean {
    const taken = this.slots.take(this);
    if (taken) this.held++;
    return taken;
  }

  /** Takes as many as it can get; then it waits. */
  want(): void {
    while (this.takeOne());
  }

  granted(): void {
    this.held++;
    this.grants++;
    this.want();
  }

  finish(): void {
    this.held--;
    this.slots.giveBack();
    this.want();
  }
}

describe('The wire is shared in turns (F54, D15)', () => {
  it('by merchants first, whatever the number of their numbers: no one is more than one turn ahead', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 2, maxLength: 8 }),
        fc.array(fc.nat(), { minLength: 50, maxLength: 400 }),
        (numbersOf, ends) => {
          const slots = new PostSlots();
          const merchants = numbersOf.map((count) => {
            const tenant = tenantId(newId());
            return Array.from({ length: count }, () => new BusyNumber(tenant, slots));
          });
          const all = merchants.flat();
          // One each until there are none, so that all wait.
          while (all.map((number) => number.takeOne()).includes(true));
          all.forEach((number) => number.want());
          for (const end of ends) {
            const holding = all.filter(({ held }) => held > 0);
            holding[end % holding.length]!.finish();
            // Whoever holds his full share of slots does not wait, and has no turn.
            if (all.some(({ held }) => held >= 48)) break;
            const given = merchants.map((numbers) => numbers.reduce((sum, { grants }) => sum + grants, 0));
            expect(Math.max(...given) - Math.min(...given)).toBeLessThanOrEqual(1);
          }
        },
      ),
    );
  });

  it('never all by one number (F28)', () => {
    const slots = new PostSlots();
    const slow = new BusyNumber(tenantId(newId()), slots);
    slow.want();
    expect(slow.held).toBe(48);
    const other = new BusyNumber(tenantId(newId()), slots);
    other.want();
    expect(other.held).toBe(16);
  });

  it('and nothing is kept for who has gone', () => {
    const slots = new PostSlots();
    const [first, second, gone] = [1, 2, 3].map(() => new BusyNumber(tenantId(newId()), slots)) as [
      BusyNumber,
      BusyNumber,
      BusyNumber,
    ];
    first.want();
    second.want();
    gone.want();
    slots.forget(gone);
    first.finish();
    expect(gone.grants).toBe(0);
  });
});
