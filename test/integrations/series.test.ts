import { newId } from '../../src/kernel/ids.js';
import { Metrics } from '../../src/platform/metrics/metrics.js';
import { PLATFORM_KEY } from '../setup/config.js';
import { IntegrationsRig, said } from './integrations-rig.js';

describe("The operator sees how merchants' systems stand, without their names (S2.77)", () => {
  let rig: IntegrationsRig;

  beforeAll(async () => {
    rig = await IntegrationsRig.open();
  });
  afterAll(() => rig.close());

  const series = async (): Promise<string[]> =>
    (await rig.get(Metrics).registry.metrics())
      .split('\n')
      .filter((line) => /^nodue_webhook(s_waiting|s_oldest|s_late|_endp)/.test(line));

  it('how many answer, fail, are paused and disabled, what waits for them, and since when', async () => {
    const [one, other, gone] = [await rig.merchant(), await rig.merchant(), await rig.merchant()];
    const [failing, paused, answering] = [await rig.endpoint(one), await rig.endpoint(one), await rig.endpoint(other)];
    await rig.endpoint(gone);
    await rig.call('POST', `/v1/tenants/${gone.tenantId}/suspend`, PLATFORM_KEY);
    await rig.call('POST', `/v1/webhook-endpoints/${paused.id}/pause`, one.apiKey);
    await rig.happen(other, said(newId(), 1));
    await rig.turn(other, answering);
    const thread = newId();
    await rig.happen(one, said(thread, 1), said(thread, 2));
    rig.receiver.answer = (response) => response.writeHead(500).end();
    await rig.turn(one, failing);
    rig.clock.advance(90_000);
    await rig.call('POST', `/v1/webhook-endpoints/${answering.id}/test`, other.apiKey);
    rig.clock.advance(30_000);
    expect(await series()).toEqual([
      'nodue_webhook_endpoints{standing="answering"} 1',
      'nodue_webhook_endpoints{standing="failing"} 1',
      'nodue_webhook_endpoints{standing="paused"} 1',
      'nodue_webhook_endpoints{standing="disabled"} 0',
      'nodue_webhooks_waiting{standing="answering"} 1',
      'nodue_webhooks_waiting{standing="failing"} 2',
      'nodue_webhooks_oldest_seconds{standing="answering"} 30',
      'nodue_webhooks_oldest_seconds{standing="failing"} 120',
      'nodue_webhooks_late_seconds 30',
    ]);
  });
});
