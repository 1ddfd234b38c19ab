import { setTimeout as pause } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { RealTime } from './real-time.js';
import { WebhookSender } from './webhook-sender.js';

const LOOK_EVERY_MS = 10;

/** Waits until the sandbox has nothing more to tell. */
@Injectable()
export class Settling {
  constructor(
    private readonly realTime: RealTime,
    private readonly webhooks: WebhookSender,
  ) {}

  /** @returns whether everything was delivered within `atMostMs` of real time */
  async settle(atMostMs = 10_000): Promise<boolean> {
    const deadline = performance.now() + atMostMs;
    while (this.realTime.pending > 0 || this.webhooks.pending > 0) {
      if (performance.now() > deadline) return false;
      await pause(LOOK_EVERY_MS);
    }
    return true;
  }
}
