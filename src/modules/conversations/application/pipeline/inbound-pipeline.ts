import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { InboundMiddleware, PipelineMiddleware, type PipelinePlace } from './inbound-middleware.js';
import type { MessageContext } from './message-context.js';

interface Step extends PipelinePlace {
  readonly middleware: InboundMiddleware;
}

/** The steps that modules have registered, in the order of C6: what stands around first, then the line, each ascending. */
@Injectable()
export class InboundPipeline implements OnModuleInit {
  #steps: readonly Step[] = [];

  constructor(private readonly discovery: DiscoveryService) {}

  onModuleInit(): void {
    this.#steps = this.discovery.getProviders().flatMap((wrapper) => {
      const place = this.discovery.getMetadataByDecorator(PipelineMiddleware, wrapper);
      return place && wrapper.instance instanceof InboundMiddleware ? [{ ...place, middleware: wrapper.instance }] : [];
    });
  }

  /** Names and numbers as they are listed: ascending, the error handler last. */
  get listed(): { name: string; order: number }[] {
    return [...this.#steps]
      .sort(byOrder)
      .map(({ middleware, order }) => ({ name: middleware.constructor.name, order }));
  }

  async run(context: MessageContext): Promise<void> {
    await chain(this.#steps, context);
  }
}

/** The error handler is listed last, at 9999, and yet must catch what the steps before it throw: so it stands around them (C6). */
function chain(steps: readonly Step[], context: MessageContext): Promise<void> {
  const standsAround = ({ stands }: Step): boolean => stands === 'around';
  const sorted = [...steps].sort(byOrder);
  const line = [...sorted.filter(standsAround), ...sorted.filter((step) => !standsAround(step))];
  const from = (index: number): Promise<void> =>
    line[index]?.middleware.handle(context, () => from(index + 1)) ?? Promise.resolve();
  return from(0);
}

/** Same numbers stand by name, so that the order does not depend on which module was read first. */
function byOrder(a: Step, b: Step): number {
  return a.order - b.order || (a.middleware.constructor.name < b.middleware.constructor.name ? -1 : 1);
}
