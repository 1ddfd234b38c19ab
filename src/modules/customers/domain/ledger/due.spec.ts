import { statusOn } from './due.js';

const due = {
  amountMinor: 100,
  paidMinor: 0,
  writtenOffMinor: 0,
  dueDate: '2026-12-01',
  settledAt: undefined,
} as const;

describe("A due's status is told, never stored (S0.94)", () => {
  it('is PENDING up to and on its date, PARTIAL once something was paid', () => {
    expect(statusOn('2026-12-01', due)).toBe('PENDING');
    expect(statusOn('2026-12-01', { ...due, paidMinor: 1 })).toBe('PARTIAL');
  });

  it('is OVERDUE from the day after, whatever was paid', () => {
    expect(statusOn('2026-12-02', due)).toBe('OVERDUE');
    expect(statusOn('2026-12-02', { ...due, paidMinor: 99 })).toBe('OVERDUE');
  });

  it('is PAID or WRITTEN_OFF once nothing is left, whatever the day', () => {
    const settledAt = new Date('2027-01-01T00:00:00Z');
    expect(statusOn('2027-01-02', { ...due, paidMinor: 100, settledAt })).toBe('PAID');
    expect(statusOn('2026-11-01', { ...due, paidMinor: 60, writtenOffMinor: 40, settledAt })).toBe('WRITTEN_OFF');
  });
});
