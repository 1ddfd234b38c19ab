import { jest } from '@jest/globals';
import { RE2JS } from 're2js';
import { FLOW_FORMAT } from '../../src/modules/flows/infrastructure/exchange/flow-document.dto.js';
import { UnitOfWork } from '../../src/platform/database/unit-of-work.js';
import { Inbox } from '../conversations/inbox.js';

describe('Patterns are compiled while no transaction waits for them (F57)', () => {
  let inbox: Inbox;
  let key: string;

  beforeAll(async () => {
    inbox = await Inbox.open();
    ({ apiKey: key } = await inbox.merchant());
  }, 120_000);
  afterAll(() => inbox.close());
  afterEach(() => jest.restoreAllMocks());

  const steps = [{ key: 'bill', kind: 'text', body: 'Your bill', language: 'en' }];
  const rule = (pattern: string) => ({
    match: { type: 'regex', values: [pattern] },
    action: { type: 'send_template', templateKey: 'bill' },
  });
  const document = (pattern: string) => ({ format: FLOW_FORMAT, steps, rules: [rule(pattern)], restartWords: [] });

  it.each([
    ['a dry run', '/v1/flows/import?dryRun=true', document('bill (1|2)')],
    ['a trial of a draft', '/v1/flows/test', { messages: [{ text: 'bill 3' }], draft: document('bill (3|4)') }],
    ['an import', '/v1/flows/import', document('bill (5|6)')],
    ['a change', '/v1/flows', { flows: [rule('bill (7|8)')] }],
  ])('%s', async (_, url, body) => {
    const compile = RE2JS.compile.bind(RE2JS);
    const compiled = jest.spyOn(RE2JS, 'compile').mockImplementation((pattern, flags) => {
      inbox.get(UnitOfWork).forbidInside('compiling a pattern');
      return compile(pattern, flags);
    });
    const { status } = await inbox.call('POST', url, key, body);
    expect([200, 201]).toContain(status);
    expect(compiled).toHaveBeenCalledTimes(1);
  });
});
