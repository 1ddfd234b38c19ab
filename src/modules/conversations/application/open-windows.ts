import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { Clock } from '../../../kernel/clock.js';
import { serviceWindow } from '../domain/service-window.js';
import { Threads } from './threads.js';

/** Which of these contacts may be sent anything by a number at this moment: they wrote to it within 24 hours, and are not blocked (S1.88, C41, C42). */
export class OpenWindows extends Query<ReadonlySet<string>> {
  constructor(
    readonly phoneNumberId: string,
    readonly contactIds: readonly string[],
  ) {
    super();
  }
}

@QueryHandler(OpenWindows)
export class OpenWindowsHandler implements IQueryHandler<OpenWindows> {
  constructor(
    private readonly threads: Threads,
    private readonly clock: Clock,
  ) {}

  async execute({ phoneNumberId, contactIds }: OpenWindows): Promise<ReadonlySet<string>> {
    if (contactIds.length === 0) return new Set();
    const wrote = await this.threads.lastInboundOf(phoneNumberId, contactIds);
    const now = this.clock.now();
    return new Set(
      [...wrote].flatMap(([id, lastInboundAt]) => (serviceWindow({ lastInboundAt }, now).isOpen ? [id] : [])),
    );
  }
}
