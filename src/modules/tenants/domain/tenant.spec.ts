import fc from 'fast-check';
import { Tenant, type TenantProfile } from './tenant.js';
import { UnknownWord } from './tenant-words.js';

const AT = new Date('2026-11-21T00:00:00Z');
const PROFILE: TenantProfile = { name: 'Asha Traders', country: 'IN', currency: 'INR' };
const register = (profile: Partial<TenantProfile>): Tenant => Tenant.register('1', { ...PROFILE, ...profile }, AT);

describe('A tenant', () => {
  it('in India keeps Indian time unless it says otherwise (C25)', () => {
    expect(register({}).state).toMatchObject({ timezone: 'Asia/Kolkata', locale: 'en-IN' });
    expect(register({ timezone: 'Asia/Dubai', locale: 'hi-in' }).state).toMatchObject({
      timezone: 'Asia/Dubai',
      locale: 'hi-IN',
    });
  });

  it('elsewhere must say its zone (C25)', () => {
    expect(() => register({ country: 'GR' })).toThrow(UnknownWord);
    expect(register({ country: 'GR', timezone: 'Europe/Athens', currency: 'EUR' }).state).toMatchObject({
      timezone: 'Europe/Athens',
      locale: 'en-GR',
    });
  });

  it('may live in every zone', () => {
    for (const timezone of [...Intl.supportedValuesOf('timeZone'), 'Asia/Kolkata', 'UTC', 'Etc/GMT+5'])
      expect(register({ timezone }).state.timezone).toBe(timezone);
  });

  it('keeps nothing that its clocks, money and phones cannot work with', () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.string(),
        fc.string(),
        fc.string(),
        fc.string(),
        (name, country, timezone, currency, locale) => {
          try {
            const { state } = Tenant.register('1', { name, country, timezone, currency, locale }, AT);
            expect(
              () => new Intl.NumberFormat(state.locale, { style: 'currency', currency: state.currency }),
            ).not.toThrow();
            expect(() => new Intl.DateTimeFormat(state.locale, { timeZone: state.timezone })).not.toThrow();
          } catch (error) {
            expect(error).toBeInstanceOf(UnknownWord);
          }
        },
      ),
    );
  });

  it('says once that it was suspended or resumed', () => {
    const tenant = register({});
    tenant.releaseEvents();
    tenant.suspend();
    tenant.suspend();
    tenant.resume();
    tenant.resume();
    expect(tenant.releaseEvents().map(({ type }) => type)).toEqual([
      'tenants.tenant-suspended',
      'tenants.tenant-resumed',
    ]);
    expect(tenant.state.status).toBe('active');
  });
});
