import fc from 'fast-check';
import { ROLES, type Role } from './access.js';
import { InboxAccess, type InboxCaller, roomsOfThread, type ThreadFacts } from './inbox-access.js';

const AREAS = ['athens', 'thessaloniki', 'crete'];
const PEOPLE = ['asha', 'boris', 'chloe'];
const NUMBERS: Record<string, string | null> = { '1': 'athens', '2': 'thessaloniki', '3': 'crete', '4': null };

const callers: fc.Arbitrary<InboxCaller> = fc.record({
  role: fc.constantFrom<(Role | undefined)[]>(...ROLES, undefined),
  userId: fc.constantFrom(...PEOPLE),
  areas: fc.oneof(fc.constant<'all'>('all'), fc.subarray(AREAS)),
  salesAssignedOnly: fc.boolean(),
});
const threads = fc.record({
  phoneNumberId: fc.constantFrom(...Object.keys(NUMBERS)),
  assigneeId: fc.constantFrom(null, ...PEOPLE),
  participantIds: fc.subarray(PEOPLE),
});

const ofAthens: ThreadFacts = { areaId: 'athens', assigneeId: null, participantIds: [] };
const inAthens = (role: Role, more: Partial<InboxCaller> = {}): InboxAccess =>
  InboxAccess.of({ role, userId: 'asha', areas: ['athens'], ...more });

describe('Who sees a conversation (S1.29)', () => {
  it.each<[Role, boolean, boolean, boolean]>([
    // role, own area, another area, a number without an area
    ['ADMIN', true, true, true],
    ['DEVELOPER', true, true, true],
    ['SALES_TEAM_LEAD', true, false, false],
    ['SALES', true, false, false],
    ['LEAD_GEN', true, false, false],
  ])('%s: own area %s, another %s, none %s (S1.25, S1.26, S1.27, S1.28)', (role, own, other, none) => {
    const access = inAthens(role);
    expect(['athens', 'crete', null].map((areaId) => access.sees({ ...ofAthens, areaId }))).toEqual([own, other, none]);
    expect(['athens', 'crete', null].map((areaId) => access.seesNumber(areaId))).toEqual([own, other, none]);
  });

  it('programs and the operator see all areas (S1.29)', () => {
    const access = InboxAccess.of({ areas: 'all' });
    expect([null, ...AREAS].every((areaId) => access.sees({ ...ofAthens, areaId }))).toBe(true);
  });

  it('sales people see their own alone where the merchant wants that, and an assignment opens no other area (S1.98, C52)', () => {
    const access = inAthens('SALES', { salesAssignedOnly: true });
    expect(access.sees(ofAthens)).toBe(false);
    expect(access.sees({ ...ofAthens, assigneeId: 'asha' })).toBe(true);
    expect(access.sees({ ...ofAthens, assigneeId: 'boris', participantIds: ['asha'] })).toBe(true);
    expect(access.sees({ ...ofAthens, areaId: 'crete', assigneeId: 'asha' })).toBe(false);
    expect(inAthens('LEAD_GEN', { salesAssignedOnly: true }).sees(ofAthens)).toBe(true);
  });
});

describe('What may be done with it', () => {
  it('nobody does anything with what they do not see', () => {
    fc.assert(
      fc.property(callers, threads, (caller, thread) => {
        const [access, facts] = [InboxAccess.of(caller), { ...thread, areaId: NUMBERS[thread.phoneNumberId]! }];
        fc.pre(!access.sees(facts));
        expect(access.may('read', facts) || access.may('write', facts) || access.may('block', facts)).toBe(false);
        expect(access.hearsOf(facts) || PEOPLE.some((to) => access.mayAssign(facts, to))).toBe(false);
      }),
    );
  });

  it("sales take what is nobody's and give back what is theirs; leads give to anybody (C62)", () => {
    const [sales, lead] = [inAthens('SALES'), inAthens('SALES_TEAM_LEAD')];
    const of = (assigneeId: string | null): ThreadFacts => ({ ...ofAthens, assigneeId });
    expect([sales.mayAssign(of(null), 'asha'), sales.mayAssign(of('asha'), null)]).toEqual([true, true]);
    expect([
      sales.mayAssign(of('boris'), 'asha'),
      sales.mayAssign(of(null), 'boris'),
      sales.mayAssign(of('boris'), null),
    ]).toEqual([false, false, false]);
    expect([lead.mayAssign(of('boris'), 'chloe'), lead.mayAssign(of('boris'), null)]).toEqual([true, true]);
    expect([sales.may('block', ofAthens), lead.may('block', ofAthens)]).toEqual([false, true]);
  });
});

describe('Who hears of it', () => {
  it("sales hear of their own and of what is nobody's, leads of all (S1.31, C52)", () => {
    const heard = (role: Role): boolean[] =>
      [null, 'asha', 'boris'].map((assigneeId) => inAthens(role).hearsOf({ ...ofAthens, assigneeId }));
    expect(heard('SALES')).toEqual([true, true, false]);
    expect(heard('SALES_TEAM_LEAD')).toEqual([true, true, true]);
  });

  it('nobody hears of what they did themselves (S1.32, S1.99)', () => {
    const access = inAthens('SALES');
    expect([access.isNewsBy('user:asha'), access.isNewsBy('user:boris'), access.isNewsBy(null)]).toEqual([
      false,
      true,
      true,
    ]);
  });

  it('a socket is in a room of a thread exactly when its user sees the thread (S1.22, C28)', () => {
    fc.assert(
      fc.property(callers, threads, (caller, thread) => {
        const access = InboxAccess.of(caller);
        const numbers = Object.keys(NUMBERS).filter((number) => access.seesNumber(NUMBERS[number]!));
        const joined = new Set(access.rooms(numbers));
        const reached = roomsOfThread(thread).some((room) => joined.has(room));
        expect(reached).toBe(access.sees({ ...thread, areaId: NUMBERS[thread.phoneNumberId]! }));
      }),
      { numRuns: 1000 },
    );
  });
});
