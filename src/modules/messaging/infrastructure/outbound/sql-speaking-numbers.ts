import { Injectable } from '@nestjs/common';
import type { InboxAccess } from '../../../../kernel/inbox-access.js';
import { type Condition, seenNumbers } from '../../../../platform/auth/index.js';
import { TenantScope } from '../../../../platform/database/tenant-scope.js';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';
import { SpeakingNumbers } from '../../application/outbound/speaking-numbers.js';

const CONNECTED = `
  phone_number n join whatsapp_account a on a.tenant_id = n.tenant_id and a.id = n.account_id
  where n.tenant_id = $1::uuid and n.status <> 'disconnected' and a.status <> 'disconnected'`;

@Injectable()
export class SqlSpeakingNumbers extends SpeakingNumbers {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly scope: TenantScope,
  ) {
    super();
  }

  async has(access: InboxAccess, phoneNumberId: string): Promise<boolean> {
    const seen = seenNumbers(access, 'n', 3);
    const rows = await this.unitOfWork.sql.query(
      `select 1 from ${CONNECTED} and n.phone_number_id = $2 and ${seen.sql}`,
      [this.scope.tenantId, phoneNumberId, ...seen.parameters],
    );
    return rows.length > 0;
  }

  default(access: InboxAccess): Promise<string | undefined> {
    return this.#oldest(seenNumbers(access, 'n', 2));
  }

  ready(): Promise<string | undefined> {
    return this.#oldest({ sql: `n.status = 'active' and a.status = 'connected'`, parameters: [] });
  }

  async #oldest({ sql, parameters }: Condition): Promise<string | undefined> {
    const [number] = await this.unitOfWork.sql.query<{ id: string }>(
      `select n.phone_number_id as id from ${CONNECTED} and n.purpose = 'default' and ${sql}
       order by n.created_at, n.phone_number_id limit 1`,
      [this.scope.tenantId, ...parameters],
    );
    return number?.id;
  }
}
