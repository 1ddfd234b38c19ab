import * as fc from 'fast-check';
import type { TenantId } from '../../src/kernel/ids.js';
import type { InboundMessage } from '../../src/modules/messaging/index.js';
import type { FlowInput } from '../../src/modules/flows/domain/move.js';
import { Inbox } from '../conversations/inbox.js';
import { publish } from './flows.js';
import { automatic, DAY, expected, graph, KEYS, maybe, Model, PAUSE, SECOND, standing, WORDS } from './model.js';

const FROM = { waId: '919876543210', profileName: 'Asha' };

/** Something happens. `reordered`: two texts arrive, the later one first. */
type Act =
  | { readonly act: 'text'; readonly text: string; readonly after: number; readonly isTwice: boolean }
  | {
      readonly act: 'tap';
      readonly id: string;
      readonly wamid: string | undefined;
      readonly after: number;
      readonly isTwice: boolean;
    }
  | { readonly act: 'reordered'; readonly texts: readonly [string, string]; readonly after: number }
  | { readonly act: 'publish' };

function acts(): fc.Arbitrary<Act[]> {
  const word = fc.constantFrom(...WORDS, ...WORDS, 'hi', 'nonsense');
  const after = fc.oneof(
    { weight: 20, arbitrary: fc.constantFrom(2, 3, 20).map((seconds) => seconds * SECOND) },
    { weight: 1, arbitrary: fc.constantFrom(PAUSE, DAY) },
  );
  const isTwice = fc.integer({ min: 0, max: 4 }).map((dice) => dice === 0);
  const id = fc.tuple(fc.constantFrom(...KEYS), fc.nat(2)).map(([name, index]) => `${name}.${index}`);
  const wamid = maybe(fc.constantFrom('wamid.shown.1', 'wamid.shown.2'));
  return fc.array(
    fc.oneof(
      { weight: 5, arbitrary: fc.record({ act: fc.constant('text' as const), text: word, after, isTwice }) },
      { weight: 8, arbitrary: fc.record({ act: fc.constant('tap' as const), id, wamid, after, isTwice }) },
      {
        weight: 1,
        arbitrary: fc.record({ act: fc.constant('reordered' as const), texts: fc.tuple(word, word), after }),
      },
      { weight: 1, arbitrary: fc.record({ act: fc.constant('publish' as const) }) },
    ),
    { minLength: 8, maxLength: 25 },
  );
}

describe('The engine does what its pure model does', () => {
  let inbox: Inbox;
  beforeAll(async () => {
    inbox = await Inbox.open();
  }, 120_000);
  afterAll(() => inbox.close());

  it('whatever flow, whatever is written and tapped, twice and out of order: the same state, one answer a message (S2.6, S2.10, S2.11, S2.17, S2.31, S2.68)', async () => {
    let answers = 0;
    await fc.assert(
      fc.asyncProperty(graph(1), graph(2), acts(), async (first, second, all) => {
        const { tenantId: tenant } = await inbox.merchant();
        await publish(inbox, tenant, first);
        const model = new Model([first, second], first);
        for (const act of all) {
          if (act.act === 'publish') {
            if (model.newest === first) await publish(inbox, tenant, second);
            model.newest = second;
          } else await play(inbox, tenant, model, act);
          expect(await standing(inbox, tenant, FROM.waId)).toEqual(expected(model.position));
        }
        const answered = await automatic(inbox, tenant, FROM.waId);
        expect(answered).toEqual(model.sent);
        expect(new Set(answered.map(({ wamid }) => wamid)).size).toBe(answered.length);
        answers += model.sent.length;
      }),
      { numRuns: 25 },
    );
    // Flows that are always silent would prove nothing.
    expect(answers).toBeGreaterThan(50);
  }, 600_000);
});

async function play(
  inbox: Inbox,
  tenant: TenantId,
  model: Model,
  act: Exclude<Act, { act: 'publish' }>,
): Promise<void> {
  inbox.clock.advance(act.after);
  if (act.act !== 'reordered') return hear(inbox, tenant, model, messageOf(inbox, act), act.isTwice);
  const [earlier, later] = act.texts.map((text) => inbox.message(FROM, text)) as [InboundMessage, InboundMessage];
  await hear(inbox, tenant, model, later, false);
  await hear(inbox, tenant, model, { ...earlier, sentAt: new Date(later.sentAt.getTime() - SECOND) }, false);
}

async function hear(
  inbox: Inbox,
  tenant: TenantId,
  model: Model,
  message: InboundMessage,
  isTwice: boolean,
): Promise<void> {
  const { body, wamid, contextWamid, sentAt } = message;
  await inbox.arrive(tenant, message);
  // A message that is delivered twice is stored once: its transaction fails as a whole.
  if (isTwice) await expect(inbox.arrive(tenant, message)).rejects.toThrow();
  const input: FlowInput =
    body.type === 'tap'
      ? { type: 'tap', id: body.id }
      : {
          type: 'text',
          text: body.type === 'text' ? body.text : '',
          isGreeting: body.type === 'text' && body.text === 'hi',
        };
  const tap = body.type === 'tap' && contextWamid ? `${contextWamid}/${body.id}` : undefined;
  model.hear(input, wamid, sentAt, inbox.clock.now(), tap);
}

function messageOf(inbox: Inbox, act: Extract<Act, { act: 'text' | 'tap' }>): InboundMessage {
  if (act.act === 'text') return inbox.message(FROM, act.text);
  const body = { type: 'tap', source: 'button', id: act.id, title: 'Button' } as const;
  return inbox.message(FROM, body, act.wamid === undefined ? {} : { contextWamid: act.wamid });
}
