import { HttpLimits, networkOf, TooManyRequests } from './http-limits.js';
import { LocalTokenBuckets } from './local-token-buckets.js';

describe('Limits of the API (F61)', () => {
  const untilRefused = async (admit: () => Promise<void>): Promise<number> => {
    for (let admitted = 0; admitted < 10_000; admitted++) {
      try {
        await admit();
      } catch (error) {
        expect(error).toBeInstanceOf(TooManyRequests);
        return admitted;
      }
    }
    throw new Error('never refused');
  };

  it('a burst from one address, then its rate; other addresses go on', async () => {
    let now = 0;
    const limits = new HttpLimits(new LocalTokenBuckets(() => now));
    expect(await untilRefused(() => limits.admitAddress('203.0.113.7'))).toBe(1000);
    now += 100;
    expect(await untilRefused(() => limits.admitAddress('203.0.113.7'))).toBe(20);
    await limits.admitAddress('203.0.113.8');
    expect(await untilRefused(() => limits.admitAddress('2001:db8::1'))).toBe(1000);
    await expect(limits.admitAddress('2001:db8::ffff')).rejects.toThrow(TooManyRequests);
  });

  it("a credential has half of its tenant's share, and none of another tenant's", async () => {
    const limits = new HttpLimits(new LocalTokenBuckets(() => 0));
    expect(await untilRefused(() => limits.admitCredential('t1', 'api-key:1'))).toBe(1000);
    expect(await untilRefused(() => limits.admitCredential('t1', 'api-key:2'))).toBe(1000);
    expect(await untilRefused(() => limits.admitCredential('t1', 'user:3'))).toBe(0);
    expect(await untilRefused(() => limits.admitCredential('t2', 'api-key:1'))).toBe(1000);
  });
});

describe('An address stands for whoever has it (F61)', () => {
  it.each([
    ['203.0.113.7', '203.0.113.7'],
    ['::ffff:203.0.113.7', '203.0.113.7'],
    ['2001:db8:1:2:aaaa:bbbb:cccc:dddd', '2001:db8:1:2::/64'],
    ['2001:0DB8:0001:0002::1', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ])('%s -> %s', (ip, network) => expect(networkOf(ip)).toBe(network));
});
