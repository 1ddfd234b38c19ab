import { serviceWindow } from './service-window.js';

describe('The 24 h window (S1.10, S1.88)', () => {
  const wrote = new Date('2026-11-20T10:00:00Z');

  it("is open from the customer's last message until a minute before 24 hours are over", () => {
    expect(serviceWindow({ lastInboundAt: wrote }, wrote)).toEqual({
      isOpen: true,
      closesAt: new Date('2026-11-21T09:59:00Z'),
    });
    expect(serviceWindow({ lastInboundAt: wrote }, new Date('2026-11-21T09:58:59.999Z')).isOpen).toBe(true);
    expect(serviceWindow({ lastInboundAt: wrote }, new Date('2026-11-21T09:59:00Z')).isOpen).toBe(false);
  });

  it('is closed to a customer who never wrote', () => {
    expect(serviceWindow({ lastInboundAt: undefined }, wrote)).toEqual({ isOpen: false, closesAt: undefined });
  });
});
