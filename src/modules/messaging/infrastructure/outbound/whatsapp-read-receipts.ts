import { Injectable, Logger } from '@nestjs/common';
import type { TenantId } from '../../../../kernel/ids.js';
import { TenantScope } from '../../../../platform/database/tenant-scope.js';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';
import { ReadReceipts } from '../../application/outbound/read-receipts.js';
import { Senders } from '../../application/outbound/senders.js';
import { WhatsApp } from '../../application/outbound/whatsapp.js';

/** Few at a time, so that they never take the wire from messages. */
const AT_A_TIME = 8;
/** Receipts that wait; more than these come too late to be worth anything. */
const WAITING_LIMIT = 1000;

interface Receipt {
  readonly tenantId: TenantId;
  readonly phoneNumberId: string;
  readonly wamid: string;
  readonly show: 'ticks' | 'ticks-and-typing';
}

/** After the commit, at most once, through the breakers; what cannot be told now is not told. */
@Injectable()
export class WhatsAppReadReceipts extends ReadReceipts {
  readonly #logger = new Logger('ReadReceipts');
  readonly #waiting: Receipt[] = [];
  #telling = 0;

  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly scope: TenantScope,
    private readonly senders: Senders,
    private readonly whatsapp: WhatsApp,
  ) {
    super();
  }

  markAsRead(phoneNumberId: string, wamid: string, show: 'ticks' | 'ticks-and-typing'): void {
    const receipt = { tenantId: this.scope.tenantId, phoneNumberId, wamid, show };
    this.unitOfWork.afterCommit(() => {
      if (this.#waiting.length >= WAITING_LIMIT) return;
      this.#waiting.push(receipt);
      this.#next();
    });
  }

  #next(): void {
    if (this.#telling >= AT_A_TIME) return;
    const receipt = this.#waiting.shift();
    if (!receipt) return;
    this.#telling++;
    void this.scope
      .run(receipt.tenantId, () => this.#tell(receipt))
      .catch((error: unknown) =>
        this.#logger.debug(`A read receipt was lost: ${error instanceof Error ? error.message : String(error)}`),
      )
      .finally(() => {
        this.#telling--;
        this.#next();
      });
  }

  async #tell({ phoneNumberId, wamid, show }: Receipt): Promise<void> {
    const found = await this.senders.find(phoneNumberId);
    if ('unable' in found) return;
    const outcome = await this.whatsapp.markAsRead(found.sender, wamid, show);
    if (outcome.kind !== 'accepted') this.#logger.debug(`A read receipt was not taken: ${outcome.kind}`);
  }
}
