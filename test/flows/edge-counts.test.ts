import type { TenantId } from '../../src/kernel/ids.js';
import { EdgeCounts } from '../../src/modules/flows/application/engine/edge-counts.js';
import { AddUpTakenEdges } from '../../src/modules/flows/infrastructure/engine/add-up-taken-edges.js';
import { UnitOfWork } from '../../src/platform/database/unit-of-work.js';
import { Inbox } from '../conversations/inbox.js';

const FALLBACK = { version: 1, fromKey: '', edge: 'fallback' };

describe('Ways are counted, and no conversation waits for another that takes the same one (D16)', () => {
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

  const taking = (then: () => Promise<unknown> = () => Promise.resolve(), by = tenant) =>
    inbox.in(by, () =>
      inbox.get(UnitOfWork).runSql(async (sql) => {
        await sql.query(`set local lock_timeout = '2s'`);
        await inbox.get(EdgeCounts).add(FALLBACK);
        await then();
      }),
    );
  const addUp = () => inbox.get(AddUpTakenEdges).clear();
  const write = (body: string) => inbox.call('PATCH', '/v1/flow-templates/sorry', key, { body });
  const arranged = async () => {
    await inbox.call('POST', '/v1/flow-templates', key, {
      key: 'sorry',
      kind: 'text',
      body: 'Sorry?',
      language: 'en',
    });
    await inbox.call('PUT', '/v1/flows', key, { rules: [], fallbackTemplateKey: 'sorry' });
  };
  const shown = async (query = '') => {
    const { body } = await inbox.call<{ ways: { edge: string; taken: number }[] }>(
      'GET',
      `/v1/flows/coverage${query}`,
      key,
    );
    return body.ways.map(({ edge, taken }) => [edge, taken]);
  };
  const rows = () =>
    inbox.sql<{ version: number; taken: number }>(
      tenant,
      'select version, taken::int as taken from flow_edge_count order by version',
    );

  it('two that take one way at once both commit', async () => {
    let commit!: () => void;
    const open = new Promise<void>((resolve) => (commit = resolve));
    const first = taking(() => open);
    await taking();
    commit();
    await first;
    await addUp();
    expect(await rows()).toEqual([{ version: 1, taken: 2 }]);
  });

  it('what was taken is seen at once, and once, whoever adds it up meanwhile', async () => {
    await arranged();
    const other = await inbox.merchant();
    for (let time = 0; time < 3; time++) await taking();
    await taking(undefined, other.tenantId);
    expect(await shown()).toEqual([['fallback', 3]]);
    await Promise.all([addUp(), taking(), addUp(), addUp()]);
    expect(await shown()).toEqual([['fallback', 4]]);
    await addUp();
    await addUp();
    expect(await shown()).toEqual([['fallback', 4]]);
    expect(await inbox.sql(tenant, 'select version from flow_edge_taken')).toEqual([]);
    expect(await inbox.sql(other.tenantId, 'select taken::int as taken from flow_edge_count')).toEqual([{ taken: 1 }]);
  });

  it('an edit begins no new count, and versions that nobody keeps leave theirs behind', async () => {
    await arranged();
    await taking();
    await addUp();
    await taking();
    for (let edit = 0; edit < 25; edit++) expect((await write(`Sorry, ${edit}?`)).status).toBe(200);
    await taking();
    await addUp();
    expect(await shown()).toEqual([['fallback', 3]]);
    await write('Sorry!');
    await write('Sorry.');
    expect(await shown()).toEqual([['fallback', 3]]);
    expect(await rows()).toEqual([{ version: 0, taken: 3 }]);
  });
});
