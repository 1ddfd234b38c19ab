import { Injectable } from '@nestjs/common';
import { Commands } from '../../../../platform/cqrs/commands.js';
import { DrainsLane, LaneDrain, type LaneTurn } from '../../../../platform/lanes/lane-drain.js';
import { TellOfClosingWindows } from '../../application/notifications/tell-of-closing-windows.js';
import { WINDOW_ALERTS } from '../../application/notifications/window-alerts-lane.js';

/** One tenant's turn; it comes back when the next window nears its end. */
@Injectable()
@DrainsLane(WINDOW_ALERTS)
export class WindowAlertsDrain extends LaneDrain {
  readonly concurrency = 2;

  constructor(private readonly commands: Commands) {
    super();
  }

  async drain({ signal }: LaneTurn): Promise<Date | undefined> {
    let turn = await this.commands.execute(new TellOfClosingWindows());
    while (turn.more && !signal.aborted) turn = await this.commands.execute(new TellOfClosingWindows());
    return turn.nextAt;
  }
}
