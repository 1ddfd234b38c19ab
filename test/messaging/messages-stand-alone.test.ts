import { globSync, readFileSync } from 'node:fs';
import { Inbox } from '../conversations/inbox.js';

describe('The channel', () => {
  it('needs nobody above it: people and their rights are all that it knows of other modules (S4.14)', () => {
    const imported = globSync('src/modules/messaging/**/*.ts')
      .filter((path) => !path.endsWith('.spec.ts'))
      .flatMap((path) => [...readFileSync(path, 'utf8').matchAll(/from '[./]+\/(\w+)\/index\.js'/g)])
      .map(([, module]) => module)
      .filter((module) => ['customers', 'conversations', 'reminders', 'tenants'].includes(module!));
    expect([...new Set(imported)]).toEqual(['tenants']);
  });

  it('writes no message to the audit log, and changes of settings there alone (S4.16, C32)', async () => {
    const inbox = await Inbox.open();
    try {
      const { tenantId, apiKey } = await inbox.merchant();
      const threadId = await inbox.arrive(tenantId, inbox.message({ waId: '919876543210' }, 'Hello'));
      const said = { type: 'text', text: 'Good day' };
      expect((await inbox.call('POST', `/v1/conversations/${threadId}/messages`, apiKey, said)).status).toBe(202);
      await inbox.call('PATCH', `/v1/conversations/${threadId}`, apiKey, { status: 'blocked' });
      const entries = await inbox.sql<{ action: string }>(tenantId, 'select action from audit_entry');
      expect(entries.map(({ action }) => action)).toContain('conversation.blocked');
      expect(entries.filter(({ action }) => action.startsWith('message'))).toEqual([]);
      expect(await inbox.sql(tenantId, `select distinct direction from message`)).toHaveLength(2);
    } finally {
      await inbox.close();
    }
  });

  it("keeps WhatsApp's ids as texts, whatever digits they look like (S4.15)", async () => {
    const inbox = await Inbox.open();
    try {
      const { tenantId } = await inbox.merchant();
      const columns = await inbox.sql<{ type: string }>(
        tenantId,
        `select distinct data_type as type from information_schema.columns
         where column_name in ('wamid', 'phone_number_id', 'waba_id', 'conversation_id', 'context_wamid', 'call_id') and table_schema = 'public'`,
      );
      expect(columns).toEqual([{ type: 'text' }]);
    } finally {
      await inbox.close();
    }
  });
});
