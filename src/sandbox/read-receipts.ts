import { Injectable } from '@nestjs/common';
import type { BusinessNumber } from './accounts.js';
import { GraphError } from './graph-error.js';
import type { HandsetMessage } from './handset.js';
import { SandboxSettings } from './settings.js';

/** Which customers' messages a business may still mark as read. */
@Injectable()
export class ReadReceipts {
  private readonly written = new Map<string, HandsetMessage>();

  constructor(private readonly settings: SandboxSettings) {}

  remember(message: HandsetMessage): void {
    this.written.set(message.wamid, message);
    if (this.written.size <= this.settings.historyLimit) return;
    for (const oldest of this.written.keys()) {
      this.written.delete(oldest);
      break;
    }
  }

  /** Two blue ticks under the message and under all before it. @throws GraphError 131009 when the number has no such message */
  mark(number: BusinessNumber, wamid: string): void {
    const message = this.written.get(wamid);
    if (message?.phoneNumberId !== number.id)
      throw GraphError.invalid('message_id', 'is not a message that this number received');
    message.status = 'read';
  }

  clear(): void {
    this.written.clear();
  }
}
