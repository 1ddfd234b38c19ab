import type { InboxAccess } from '../../../../kernel/inbox-access.js';
import { type Condition, seenNumbers } from '../../../../platform/auth/index.js';

/** Rows of `account_alert` named `alert` that the caller is told of: those of accounts, and those of numbers that he sees. */
export function seenAlerts(access: InboxAccess, first: number): Condition {
  const { sql, parameters } = seenNumbers(access, 'seen', first);
  if (access.areas === 'all') return { sql: 'true', parameters: [] };
  return {
    sql: `(alert.phone_number_id is null or exists (select from phone_number seen where seen.tenant_id = alert.tenant_id
      and seen.phone_number_id = alert.phone_number_id and ${sql}))`,
    parameters,
  };
}
