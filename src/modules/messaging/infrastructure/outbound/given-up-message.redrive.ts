import { Injectable } from '@nestjs/common';
import { Clock } from '../../../../kernel/clock.js';
import { TenantScope } from '../../../../platform/database/tenant-scope.js';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';
import { Redrive, Redrives } from '../../../../platform/dead-letters/redrive.js';
import { Lanes } from '../../../../platform/lanes/lanes.js';
import { SEND_QUEUE } from '../../application/outbound/send-queue-lane.js';
import { MAX_REFUSALS } from '../../domain/outbound-message.js';
import { retryDelay, RETRY_SPREAD } from '../../domain/settlement.js';
import { GIVEN_UP_MESSAGE } from './settlements.js';

/** Queues a message again that never reached the provider. */
@Injectable()
@Redrives(GIVEN_UP_MESSAGE)
export class RedriveGivenUpMessage extends Redrive {
  override readonly policies = [
    {
      work: 'A message that did not reach WhatsApp',
      waitsSeconds: Array.from({ length: MAX_REFUSALS - 1 }, (_, n) => retryDelay(n + 1, 0.5) / 1000),
      spread: RETRY_SPREAD,
    },
  ];

  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly scope: TenantScope,
    private readonly lanes: Lanes,
    private readonly clock: Clock,
  ) {
    super();
  }

  async redrive(messageId: string): Promise<boolean> {
    const { tenantId } = this.scope;
    const [queued] = await this.unitOfWork.sql.query<{ phone_number_id: string }>(
      `update message set state = 'queued', refusals = 0, failure = null, next_at = (select business_now()), updated_at = (select business_now())
       where tenant_id = $1::uuid and id = $2::uuid and state = 'failed' and failure ->> 'class' = 'not_sent' returning phone_number_id`,
      [tenantId, messageId],
    );
    if (!queued) return false;
    await this.lanes.ring(SEND_QUEUE, [{ key: queued.phone_number_id, tenantId, dueAt: this.clock.now() }]);
    return true;
  }

  override async contentOf(messageId: string): Promise<unknown> {
    const [message] = await this.unitOfWork.sql.query(
      `select phone_number_id as "phoneNumberId", address as "to", type, content, category, failure, created_at as "createdAt"
       from message where tenant_id = $1::uuid and id = $2::uuid`,
      [this.scope.tenantId, messageId],
    );
    return message;
  }
}
