import { Injectable } from '@nestjs/common';
import { newId } from '../../../../kernel/ids.js';
import { isUniqueViolation } from '../../../../platform/database/database-errors.js';
import { TenantScope } from '../../../../platform/database/tenant-scope.js';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';
import { shownMessages } from '../../../messaging/index.js';
import {
  type AnsweredTemplate,
  type ReplyRule,
  ReplyRules,
  type ReplyRuleView,
} from '../../application/rules/reply-rules.js';
import { ReplyRuleNotFound, ReplyRuleTaken } from '../../domain/rules/rule-errors.js';

const COLUMNS = `id, template_name as "templateName", reply, send_template as "sendTemplate", send_language as "sendLanguage", enabled,
  created_at as "createdAt", updated_at as "updatedAt"`;

/** Rules in PostgreSQL; a merchant has a handful. Reads messaging's messages for what was answered. */
@Injectable()
export class SqlReplyRules extends ReplyRules {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly scope: TenantScope,
  ) {
    super();
  }

  list(): Promise<ReplyRuleView[]> {
    return this.unitOfWork.sql.query<ReplyRuleView>(
      `select ${COLUMNS} from reply_rule where tenant_id = $1::uuid order by template_name, reply`,
      [this.scope.tenantId],
    );
  }

  async add({ templateName, reply, sendTemplate, sendLanguage, enabled }: ReplyRule, at: Date): Promise<ReplyRuleView> {
    const [added] = await this.unitOfWork.sql.query<ReplyRuleView>(
      `insert into reply_rule (tenant_id, id, template_name, reply, send_template, send_language, enabled, created_at, updated_at)
       values ($1::uuid, $2::uuid, $3, $4, $5, $6, $7::boolean, $8::timestamptz, $8::timestamptz)
       on conflict (tenant_id, template_name, reply) do nothing returning ${COLUMNS}`,
      [this.scope.tenantId, newId(), templateName, reply, sendTemplate, sendLanguage, enabled, at.toISOString()],
    );
    if (!added) throw new ReplyRuleTaken();
    return added;
  }

  async change(id: string, changes: Partial<ReplyRule>, at: Date): Promise<ReplyRuleView> {
    const { tenantId } = this.scope;
    const [known] = await this.unitOfWork.sql.query<ReplyRuleView>(
      `select ${COLUMNS} from reply_rule where tenant_id = $1::uuid and id = $2::uuid for update`,
      [tenantId, id],
    );
    if (!known) throw new ReplyRuleNotFound();
    const { templateName, reply, sendTemplate, sendLanguage, enabled } = { ...known, ...changes };
    const [changed] = await this.unitOfWork.sql
      .query<ReplyRuleView>(
        `update reply_rule set template_name = $3, reply = $4, send_template = $5, send_language = $6, enabled = $7::boolean, updated_at = $8::timestamptz
         where tenant_id = $1::uuid and id = $2::uuid returning ${COLUMNS}`,
        [tenantId, id, templateName, reply, sendTemplate, sendLanguage, enabled, at.toISOString()],
      )
      .catch((error: unknown) => {
        throw isUniqueViolation(error) ? new ReplyRuleTaken() : error;
      });
    return changed!;
  }

  async remove(id: string): Promise<void> {
    const rows = await this.unitOfWork.sql.query(
      'delete from reply_rule where tenant_id = $1::uuid and id = $2::uuid returning id',
      [this.scope.tenantId, id],
    );
    if (rows.length === 0) throw new ReplyRuleNotFound();
  }

  async answered(
    threadId: string,
    contextWamid: string | undefined,
    since: Date,
  ): Promise<AnsweredTemplate | undefined> {
    const [last] = await this.unitOfWork.sql.query<AnsweredTemplate & { type: string }>(
      contextWamid === undefined ? LAST_SENT : QUOTED,
      [this.scope.tenantId, threadId, contextWamid ?? since.toISOString()],
    );
    return last?.type === 'template' ? last : undefined;
  }
}

const ANSWERED = `
  select m.id as "messageId", m.wamid, m.type, m.content ->> 'name' as name, m.content ->> 'language' as language
  from message m where m.tenant_id = $1::uuid and m.direction = 'OUTBOUND'`;

const QUOTED = `${ANSWERED} and m.wamid = $3
  and m.phone_number_id = (select t.phone_number_id from thread t where t.tenant_id = $1::uuid and t.id = $2::uuid)`;

// Reactions are no answers, and what never left was answered by nobody.
const LAST_SENT = `${ANSWERED} and m.thread_id = $2::uuid and m.type <> 'reaction' and m.state not in ('failed', 'cancelled', 'expired')
  and ${shownMessages('m')} and m.created_at >= $3::timestamptz order by m.seq desc limit 1`;
