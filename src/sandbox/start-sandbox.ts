import 'reflect-metadata';
import type { IncomingMessage } from 'node:http';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import { installBodyParsers } from './body-parsers.js';
import { OffsetClock, SandboxClock } from './clock.js';
import { FaultGate } from './graph/fault-gate.js';
import { MessagesRoute } from './graph/messages-route.js';
import { RealTime } from './real-time.js';
import { SandboxModule } from './sandbox.module.js';
import { SandboxSettings, type Switches } from './settings.js';
import { Settling } from './settling.js';
import { WebhookSender } from './webhook-sender.js';

/** What may be said at the start; the rest stands in {@link SandboxSettings}. Port 0 takes a free one. */
export type SandboxOptions = Partial<Omit<SandboxSettings, 'switches'>> & {
  readonly switches?: Partial<Switches>;
  /** The application's clock, when both live in one process. */
  readonly clock?: SandboxClock;
};

/** A sandbox that listens. */
export interface RunningSandbox {
  /** Base address, without a trailing slash: for `WHATSAPP_GRAPH_URL`. */
  readonly url: string;
  readonly settings: SandboxSettings;
  readonly clock: SandboxClock;
  /** Posts webhooks to another loopback address from here on. */
  deliverWebhooksTo(url: string): void;
  /** Waits until every status and webhook is out. @returns false when that took longer than `atMostMs` (10 s) */
  settle(atMostMs?: number): Promise<boolean>;
  close(): Promise<void>;
}

/** Starts a sandbox on loopback. @throws SandboxRefusal when it would reach further */
export async function startSandbox(options: SandboxOptions = {}): Promise<RunningSandbox> {
  const { clock = new OffsetClock(), ...given } = options;
  const settings = new SandboxSettings(given);
  const adapter = new FastifyAdapter({
    rewriteUrl: (request: IncomingMessage) => withoutVersion(request.url ?? '/'),
    forceCloseConnections: true,
  });
  const app = await NestFactory.create<NestFastifyApplication>(SandboxModule.with(settings, clock), adapter, {
    bodyParser: false,
    logger: ['warn', 'error', 'fatal'],
  });
  const server = adapter.getInstance<FastifyInstance>();
  installBodyParsers(server);
  app.get(FaultGate).install(server);
  app.get(MessagesRoute).install(server);
  await app.listen(settings.port, settings.host);
  const webhooks = app.get(WebhookSender);
  return {
    url: (await app.getUrl()).replace(/\/$/, ''),
    settings,
    clock,
    deliverWebhooksTo: (url) => webhooks.deliverTo(url),
    settle: (atMostMs) => app.get(Settling).settle(atMostMs),
    close: async () => {
      app.get(RealTime).clear();
      await webhooks.close();
      await app.close();
    },
  };
}

/** `/v24.0/123/messages` and `/123/messages` are one path. */
function withoutVersion(url: string): string {
  return url.replace(/^\/v\d+\.\d+(?=[/?]|$)/, '') || '/';
}
