import { Injectable } from '@nestjs/common';
import { Redrive, Redrives } from '../../../../platform/dead-letters/redrive.js';
import { WebhookEvents } from '../../application/inbound/webhook-events.js';

/** Takes up a message that was given up: it is in its conversation already, what is owed is the answer. */
@Injectable()
@Redrives('webhook-event')
export class RedriveWebhookEvent extends Redrive {
  constructor(private readonly events: WebhookEvents) {
    super();
  }

  redrive(subjectId: string): Promise<boolean> {
    return this.events.takeUpAgain(subjectId);
  }
}
