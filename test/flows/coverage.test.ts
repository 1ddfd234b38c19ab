import type { TenantId } from '../../src/kernel/ids.js';
import { Inbox, tap } from '../conversations/inbox.js';

interface Coverage {
  version: number;
  ways: { fromKey: string; edge: string; title: string | null; toKey: string | null; taken: number }[];
  neverTaken: number;
  code: string;
}
const ASHA = { waId: '919876543210', profileName: 'Asha' };

describe('A merchant sees which ways of the flow nobody takes (D16)', () => {
  let inbox: Inbox;
  let tenant: TenantId;
  let key: string;

  beforeAll(async () => {
    inbox = await Inbox.open();
  }, 120_000);
  afterAll(() => inbox.close());
  beforeEach(async () => {
    ({ tenantId: tenant, apiKey: key } = await inbox.merchant());
  });

  const shown = async (query = '', by = key) =>
    (await inbox.call<Coverage>('GET', `/v1/flows/coverage${query}`, by)).body;

  it('of all versions or of one, in the order of the flow', async () => {
    expect(await shown()).toEqual({ version: 0, ways: [], neverTaken: 0 });
    await inbox.call('POST', '/v1/flow-presets/feedback/import', key);
    await inbox.arrive(tenant, inbox.message(ASHA, 'feedback'));
    inbox.clock.advance(15_000);
    await inbox.arrive(tenant, inbox.message(ASHA, tap('btn_feedback_ok').body));
    inbox.clock.advance(15_000);
    await inbox.arrive(tenant, inbox.message(ASHA, 'Be quicker'));
    const { version, ways, neverTaken } = await shown();
    expect(ways.map(({ fromKey, edge, taken }) => [fromKey, edge, taken])).toEqual([
      ['', 'rule_feedback', 1],
      ['feedback_ask', 'btn_feedback_good', 0],
      ['feedback_ask', 'btn_feedback_ok', 1],
      ['feedback_ask', 'btn_feedback_bad', 0],
      ['feedback_ok', 'collects', 1],
      ['feedback_ok', 'invalid', 0],
    ]);
    expect({ version, neverTaken, bad: ways[3] }).toMatchObject({
      version: 1,
      neverTaken: 3,
      bad: { title: 'Bad', toKey: 'feedback_bad' },
    });
    await inbox.call('PUT', '/v1/flows', key, {
      rules: [],
      restartWords: ['anew'],
      fallbackTemplateKey: 'feedback_ask',
    });
    expect(await shown()).toMatchObject({
      version: 2,
      ways: [{ edge: 'restart' }, { edge: 'fallback', toKey: 'feedback_ask' }, {}, { taken: 1 }, {}, { taken: 1 }, {}],
      neverTaken: 5,
    });
    expect(await shown('?version=1')).toMatchObject({ neverTaken: 3 });
    expect(await shown('?version=2')).toMatchObject({ neverTaken: 7 });
  });

  it('and of their own flow alone', async () => {
    await inbox.call('POST', '/v1/flow-presets/feedback/import', key);
    const other = await inbox.merchant();
    expect(await shown('', other.apiKey)).toMatchObject({ version: 0, ways: [] });
    expect(await shown('?version=1', other.apiKey)).toMatchObject({ code: 'FLOW_VERSION_NOT_FOUND' });
    expect((await inbox.call('GET', '/v1/flows/coverage?version=one', key)).status).toBe(400);
  });
});
