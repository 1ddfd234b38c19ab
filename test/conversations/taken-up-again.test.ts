import { Injectable, Module } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { InboundMiddleware, type Next, PipelineMiddleware } from '../../src/modules/conversations/index.js';
import { ConsumesInbound, type InboundConsumer } from '../../src/modules/messaging/index.js';
import { UnitOfWork } from '../../src/platform/database/unit-of-work.js';
import { Inbox } from './inbox.js';

const gate = { arrived: () => {}, leave: Promise.resolve() };

@Injectable()
@PipelineMiddleware({ order: 40 })
class Wait extends InboundMiddleware {
  async handle(_: unknown, next: Next): Promise<void> {
    gate.arrived();
    await gate.leave;
    await next();
  }
}

@Module({ providers: [Wait] })
class Waiting {}

describe('A message that was given up and is taken up again', () => {
  let inbox: Inbox;

  beforeAll(async () => {
    inbox = await Inbox.open(Waiting);
  }, 120_000);
  afterAll(() => inbox.close());

  it('is answered under the lock of its conversation, which is placed already: who sends meanwhile waits', async () => {
    const { tenantId: tenant } = await inbox.merchant();
    const message = inbox.message({ waId: '919876543210' }, 'hi');
    const threadId = await inbox.arrive(tenant, { ...message, wamid: 'wamid.before' });
    const arrived = new Promise<void>((resolve) => (gate.arrived = resolve));
    let release = () => {};
    gate.leave = new Promise((resolve) => (release = resolve));
    const consumer = inbox.get(DiscoveryService).getProviders({ metadataKey: ConsumesInbound.KEY })[0]!
      .instance as InboundConsumer;
    const answered = inbox.in(tenant, () =>
      inbox.get(UnitOfWork).run(() => consumer.answer({ ...message, mayAnswer: true }, threadId)),
    );
    await arrived;
    const other = inbox.sql(tenant, 'select id from thread where id = $1::uuid for update nowait', [threadId]);
    await expect(other).rejects.toMatchObject({ code: '55P03' });
    release();
    await answered;
    expect(await inbox.texts(tenant)).toHaveLength(2);
  });
});
