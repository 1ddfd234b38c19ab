import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';

interface RouteFacts {
  readonly bodyLimit?: number;
}

/** Marks a route whose body may have so many bytes, where others take `BODY_LIMIT`. */
export function TakesBytes(most: number): MethodDecorator {
  return RouteConfig({ bodyLimit: most } satisfies RouteFacts);
}

/** Lets routes have limits of their own; called before any of them is made. */
export function keepBodyLimits(server: FastifyInstance): void {
  server.addHook('onRoute', (route) => {
    const { bodyLimit } = (route.config ?? {}) as RouteFacts;
    if (bodyLimit !== undefined) route.bodyLimit = bodyLimit;
  });
}
