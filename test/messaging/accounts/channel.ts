import { Module, type INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { newId, tenantId } from '../../../src/kernel/ids.js';
import type { OutgoingMessage, Sender } from '../../../src/modules/messaging/application/outbound/whatsapp.js';
import { BreakerSettings } from '../../../src/modules/messaging/infrastructure/meta/breaker-settings.js';
import { BreakerWhatsApp } from '../../../src/modules/messaging/infrastructure/meta/breaker-whatsapp.js';
import { GraphClient, GraphTimes } from '../../../src/modules/messaging/infrastructure/meta/graph-client.js';
import { MetaWhatsApp } from '../../../src/modules/messaging/infrastructure/meta/meta-whatsapp.js';
import { ClockModule } from '../../../src/platform/clock/clock.module.js';
import { ConfigModule } from '../../../src/platform/config/config.module.js';
import { DatabaseModule } from '../../../src/platform/database/database.module.js';
import { Metrics } from '../../../src/platform/metrics/metrics.js';
import { testConfig } from '../../setup/config.js';
import type { TestDatabase } from '../../setup/database.js';

export interface ChannelSettings {
  graphUrl: string;
  times?: Partial<GraphTimes>;
  breaker?: Partial<BreakerSettings>;
}

/** The WhatsApp port alone, against a Graph API at an address of the test's choice. */
export async function startChannel(
  database: TestDatabase,
  { graphUrl, times = {}, breaker = {} }: ChannelSettings,
): Promise<INestApplicationContext> {
  const config = testConfig(database, { WHATSAPP_GRAPH_URL: graphUrl });
  @Module({
    imports: [ConfigModule.of(config), DatabaseModule, ClockModule.of(config)],
    providers: [
      Metrics,
      { provide: GraphTimes, useValue: { ...new GraphTimes(), ...times } },
      { provide: BreakerSettings, useValue: { ...new BreakerSettings(), ...breaker } },
      GraphClient,
      MetaWhatsApp,
      BreakerWhatsApp,
    ],
  })
  class Channel {}
  return NestFactory.createApplicationContext(Channel, { logger: false, abortOnError: false });
}

export function sender(phoneNumberId: string, more: Partial<Sender> = {}): Sender {
  return {
    tenantId: tenantId(newId()),
    phoneNumberId,
    accountId: `account-of-${phoneNumberId}`,
    accessToken: `mock_${phoneNumberId}`,
    credentialVersion: 1,
    ...more,
  };
}

let customers = 0;

/** A template message, which may go to anybody at any time; each to another customer. */
export function message(reference = 'v1.test'): OutgoingMessage {
  const to = { kind: 'phone' as const, value: String(919800000000 + ++customers) };
  const named = { name: 'Asha', amount: '500', duedate: '25 Feb 2026', companyname: 'Shop' };
  return {
    to,
    content: { type: 'template', name: 'interactive_due_today', language: 'en', body: { named } },
    reference,
  };
}
