import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Clock } from '../../../../kernel/clock.js';
import { InboxEvents } from '../inbox-events.js';
import { ClosingWindows } from './closing-windows.js';

const BATCH = 500;

/**
 * Tells people of windows that are about to close: once three hours and once one hour before (S1.63, S1.64, S1.68). What it marks as told and
 * the news commit together, so that a crash repeats neither. @returns whether there may be more, and when the next is due
 */
export class TellOfClosingWindows extends Command<{ readonly more: boolean; readonly nextAt: Date | undefined }> {}

@CommandHandler(TellOfClosingWindows)
export class TellOfClosingWindowsHandler implements ICommandHandler<TellOfClosingWindows> {
  constructor(
    private readonly windows: ClosingWindows,
    private readonly events: InboxEvents,
    private readonly clock: Clock,
  ) {}

  async execute(): Promise<{ more: boolean; nextAt: Date | undefined }> {
    const now = this.clock.now();
    await this.windows.forgetClosed(now);
    const untold = await this.windows.takeUntold(now, BATCH);
    await this.events.notify(
      untold.map(({ threadId, phoneNumberId, severity, closesAt }) => ({
        kind: 'window-closing',
        threadId,
        phoneNumberId,
        details: { severity, closesAt },
      })),
    );
    return { more: untold.length === BATCH, nextAt: await this.windows.nextAt(now) };
  }
}
