import { Logger } from '@nestjs/common';
import { Metrics } from './metrics.js';

describe('A metric that cannot be read (S2.77)', () => {
  beforeAll(() => Logger.overrideLogger(false));

  it('has no value instead of an old one, and is counted; when it can be read again it has its own', async () => {
    const metrics = new Metrics();
    let state: 'well' | 'refused' | 'thrown' = 'well';
    metrics.gauge('depth', 'Depth', ['kind'], (gauge) => {
      if (state === 'thrown') throw new Error('no connection');
      gauge.set({ kind: 'a' }, 7);
      return state === 'refused' ? Promise.reject(new Error('statement timeout')) : undefined;
    });
    const read = async (): Promise<string> => metrics.registry.metrics();
    expect(await read()).toContain('nodue_depth{kind="a"} 7');
    expect(await read()).toContain('nodue_metrics_failures_total{metric="depth"} 0');
    for (state of ['refused', 'thrown'] as const) expect(await read()).not.toContain('nodue_depth{');
    state = 'well';
    const text = await read();
    expect(text).toContain('nodue_metrics_failures_total{metric="depth"} 2');
    expect(text).toContain('nodue_depth{kind="a"} 7');
  });
});
