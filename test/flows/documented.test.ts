import { readFileSync } from 'node:fs';
import type { Finding } from '../../src/modules/flows/domain/lint/finding.js';
import { FINDING_CODES } from '../../src/modules/flows/domain/lint/finding.js';
import type { TranscriptLine } from '../../src/modules/flows/application/trial/transcript.js';
import { Inbox } from '../conversations/inbox.js';

const PAGE = readFileSync(new URL('../../docs/flows.md', import.meta.url), 'utf8');
const CALLS = [...PAGE.matchAll(/^curl -X (POST|PUT) \$NODUE(\S+) .*? -d '\n(.*?)'$/gms)];

describe('docs/flows.md', () => {
  let inbox: Inbox;

  beforeAll(async () => {
    inbox = await Inbox.open();
  }, 120_000);
  afterAll(() => inbox.close());

  it('builds a flow whose transcript is what it says, without a warning (S2.10, S2.13)', async () => {
    const { apiKey } = await inbox.merchant();
    let transcript: readonly TranscriptLine[] = [];
    for (const [, method, path, body] of CALLS) {
      const answer = await inbox.call<{ transcript?: readonly TranscriptLine[]; code?: string }>(
        method as 'POST' | 'PUT',
        path!,
        apiKey,
        JSON.parse(body!) as object,
      );
      expect({ path, status: answer.status, code: answer.body.code }).toMatchObject({
        status: path === '/v1/flow-templates' ? 201 : 200,
      });
      transcript = answer.body.transcript ?? [];
    }
    const lines = transcript.map(({ from, text, buttons }) =>
      [`${from}: ${text}`, ...buttons.map(({ title }) => `[${title}]`)].join(' '),
    );
    expect(lines).toEqual(/```text\n(.*?)\n```/s.exec(PAGE)![1]!.split('\n'));
    const lint = await inbox.call<{ findings: readonly Finding[] }>('GET', '/v1/flows/lint', apiKey);
    expect(lint.body.findings.filter(({ severity }) => severity !== 'info')).toEqual([]);
  });

  it('names each code of the lint', () => {
    expect(FINDING_CODES.filter((code) => !PAGE.includes(`\`${code}\``))).toEqual([]);
  });
});
