import { Injectable } from '@nestjs/common';
import { TenantScope } from '../../../../platform/database/tenant-scope.js';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';
import { Redrive, Redrives } from '../../../../platform/dead-letters/redrive.js';
import { WebhookEvents } from '../../application/inbound/webhook-events.js';
import { CHANGE_BACKOFF, MESSAGE_BACKOFF } from './backoff.js';

/** Takes up a message that was given up: it is in its conversation already, what is owed is the answer. */
@Injectable()
@Redrives('webhook-event')
export class RedriveWebhookEvent extends Redrive {
  override readonly policies = [
    { work: "A customer's message, and its answer", waitsSeconds: MESSAGE_BACKOFF },
    { work: 'What else WhatsApp tells: echoes, templates, accounts', waitsSeconds: CHANGE_BACKOFF },
  ];

  constructor(
    private readonly events: WebhookEvents,
    private readonly unitOfWork: UnitOfWork,
    private readonly scope: TenantScope,
  ) {
    super();
  }

  redrive(subjectId: string): Promise<boolean> {
    return this.events.takeUpAgain(subjectId);
  }

  override async contentOf(subjectId: string): Promise<unknown> {
    const [event] = await this.unitOfWork.sql.query(
      `select kind, field, phone_number_id as "phoneNumberId", reason, payload, received_at as "receivedAt"
       from webhook_event where tenant_id = $1::uuid and id = $2::uuid`,
      [this.scope.tenantId, subjectId],
    );
    return event;
  }
}
