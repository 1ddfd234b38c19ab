import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { WebhookEvent } from './webhook-payload.js';
import { type Batch, WebhookLanes } from './webhook-lanes.js';

type Step =
  | { readonly push: { lane: string; kind: 'message' | 'status' } }
  | { readonly take: number }
  | { readonly finish: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      push: fc.record({ lane: fc.constantFrom('a', 'b', 'c', 'd'), kind: fc.constantFrom('message', 'status') }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ take: fc.integer({ min: 1, max: 5 }) }) },
  { weight: 2, arbitrary: fc.record({ finish: fc.nat() }) },
);

describe('Webhooks of one customer keep their order', () => {
  it('whatever is pushed, taken and finished when: each lane in order, one at a time, nothing lost, nothing twice', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const lanes = new WebhookLanes();
        const pushed: string[] = [];
        const taken: WebhookEvent[] = [];
        const running: Batch[] = [];
        const take = (limit: number): boolean => {
          const batch = lanes.next(limit);
          if (!batch) return false;
          const busy = running.flatMap((one) => one.events.map((event) => event.lane));
          for (const event of batch.events) expect(busy).not.toContain(event.lane);
          expect(new Set(batch.events.map((event) => event.lane)).size).toBe(batch.events.length);
          expect(batch.events.length === 1 || batch.events.length <= limit).toBe(true);
          running.push(batch);
          taken.push(...batch.events);
          return true;
        };
        const finish = (index: number): void => {
          const [batch] = running.splice(index % Math.max(1, running.length), 1);
          if (batch) lanes.done(batch);
        };
        for (const one of steps) {
          if ('push' in one) {
            const wamid = `${one.push.lane}${pushed.length}`;
            pushed.push(wamid);
            lanes.push({
              lane: one.push.lane,
              kind: one.push.kind,
              field: 'messages',
              wabaId: '1',
              type: 'x',
              value: {},
              wamid,
            });
          } else if ('take' in one) take(one.take);
          else finish(one.finish);
        }
        for (;;) {
          while (running.length > 0) finish(0);
          if (!take(3)) break;
        }
        for (const lane of ['a', 'b', 'c', 'd']) {
          expect(taken.filter((event) => event.lane === lane).map((event) => event.wamid)).toEqual(
            pushed.filter((wamid) => wamid.startsWith(lane)),
          );
        }
      }),
    );
  });
});
