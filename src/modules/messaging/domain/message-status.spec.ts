import fc from 'fast-check';
import { mergeStatuses, projectStatus, statesPassed, type DeliveryState, type StatusEntry } from './message-status.js';

const WORDS = ['sent', 'delivered', 'read', 'played', 'failed', 'deleted'];
const RANK: DeliveryState[] = ['accepted', 'sent', 'failed', 'delivered', 'read'];
const entry = fc.record({
  status: fc.constantFrom(...WORDS),
  at: fc.constantFrom('2026-11-21T08:00:00.000Z', '2026-11-21T08:00:01.000Z'),
});
const stateOf = (entries: readonly StatusEntry[]): DeliveryState => projectStatus(entries.map(({ status }) => status));
const identities = (entries: readonly StatusEntry[]): string[] =>
  entries.map(({ status, at }) => `${status} ${at}`).sort();

describe('The status shown is a function of the set of statuses (reliability 2.4, C12, F14)', () => {
  it.each<[string[], DeliveryState]>([
    [[], 'accepted'],
    [['sent'], 'sent'],
    [['delivered', 'sent'], 'delivered'],
    [['read'], 'read'],
    [['played', 'sent'], 'read'],
    [['failed'], 'failed'],
    [['failed', 'sent'], 'failed'],
    [['delivered', 'failed'], 'delivered'],
    [['read', 'failed', 'sent'], 'read'],
    [['deleted'], 'accepted'],
  ])('%j shows as %s', (statuses, state) => {
    expect(projectStatus(statuses)).toBe(state);
  });

  it('in whatever order, however often repeated and however cut into batches they come', () => {
    fc.assert(
      fc.property(
        fc.array(entry, { maxLength: 8 }).chain((entries) =>
          fc.tuple(
            fc.constant(entries),
            fc.shuffledSubarray([...entries, ...entries], {
              minLength: 2 * entries.length,
              maxLength: 2 * entries.length,
            }),
            fc.nat(16),
          ),
        ),
        ([entries, arrived, cut]) => {
          const merged = mergeStatuses(mergeStatuses([], arrived.slice(0, cut)), arrived.slice(cut));
          expect(stateOf(merged)).toBe(stateOf(entries));
          expect(identities(merged)).toEqual([...new Set(identities(entries))]);
        },
      ),
    );
  });

  it('and never goes back when more statuses come', () => {
    fc.assert(
      fc.property(fc.array(entry), fc.array(entry), (before, after) => {
        const [earlier, later] = [stateOf(before), stateOf(mergeStatuses(before, after))];
        expect(RANK.indexOf(later)).toBeGreaterThanOrEqual(RANK.indexOf(earlier));
      }),
    );
  });
});

describe('A message is told of in each state that it went through, and in none twice (S1.20)', () => {
  it.each<[string, string[], DeliveryState, DeliveryState[]]>([
    ['accepted', ['sent', 'delivered', 'read'], 'read', ['sent', 'delivered', 'read']],
    ['sending', ['read', 'sent'], 'read', ['sent', 'read']],
    ['sent', ['sent', 'delivered'], 'delivered', ['delivered']],
    ['read', ['sent', 'delivered'], 'read', []],
    ['accepted', ['sent', 'failed'], 'failed', ['sent', 'failed']],
    ['failed', ['failed', 'delivered'], 'delivered', ['delivered']],
    ['unknown', ['deleted'], 'accepted', ['accepted']],
    ['sent', ['played'], 'read', ['read']],
  ])('%s, then %p', (before, reported, after, passed) => {
    expect(statesPassed(before, after, reported)).toEqual(passed);
  });
});

describe('Every status that was received stays on the message (S4.12)', () => {
  it('with what came with it, in the order of arrival', () => {
    const failed = { status: 'failed', at: '2026-11-21T08:00:01.000Z', errors: [{ code: 131026 }] };
    const sent = { status: 'sent', at: '2026-11-21T08:00:00.000Z', pricing: { billable: true } };
    expect(mergeStatuses([failed], [sent, { status: 'failed', at: failed.at }])).toEqual([failed, sent]);
  });

  it('also when it names another attempt of the same message', () => {
    const own = { status: 'sent', at: '2026-11-21T08:00:00.000Z' };
    expect(mergeStatuses([own], [{ ...own, wamid: 'wamid.other' }])).toHaveLength(2);
  });
});
