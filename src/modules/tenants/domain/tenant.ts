import { AggregateRoot } from '../../../kernel/aggregate-root.js';
import { TenantChanged, TenantRegistered, TenantResumed, TenantSuspended } from './tenant-events.js';
import { countryCode, currencyCode, displayName, localeTag, timeZone } from './tenant-words.js';

export type TenantStatus = 'active' | 'suspended';

/** What a merchant is set up with; each is checked (C25). */
export interface TenantProfile {
  readonly name: string;
  /** ISO 3166-1 alpha-2 */
  readonly country: string;
  /** IANA zone; Asia/Kolkata where the country is IN and none is given. */
  readonly timezone?: string | undefined;
  /** ISO 4217 */
  readonly currency: string;
  /** BCP 47; English of the country where none is given. */
  readonly locale?: string | undefined;
}

export interface TenantState {
  readonly id: string;
  readonly name: string;
  readonly country: string;
  readonly timezone: string;
  readonly currency: string;
  readonly locale: string;
  readonly status: TenantStatus;
  readonly createdAt: Date;
}

/** A merchant (C10). */
export class Tenant extends AggregateRoot {
  private constructor(private current: TenantState) {
    super();
  }

  static register(id: string, profile: TenantProfile, at: Date): Tenant {
    const country = countryCode(profile.country);
    const tenant = new Tenant({
      id,
      name: displayName(profile.name),
      country,
      timezone: timeZone(profile.timezone ?? (country === 'IN' ? 'Asia/Kolkata' : '')),
      currency: currencyCode(profile.currency),
      locale: localeTag(profile.locale ?? `en-${country}`),
      status: 'active',
      createdAt: at,
    });
    tenant.record(new TenantRegistered(id));
    return tenant;
  }

  static restore(state: TenantState): Tenant {
    return new Tenant(state);
  }

  get state(): TenantState {
    return this.current;
  }

  change(profile: Partial<TenantProfile>): void {
    const before = this.current;
    this.current = {
      ...before,
      ...(profile.name !== undefined && { name: displayName(profile.name) }),
      ...(profile.country !== undefined && { country: countryCode(profile.country) }),
      ...(profile.timezone !== undefined && { timezone: timeZone(profile.timezone) }),
      ...(profile.currency !== undefined && { currency: currencyCode(profile.currency) }),
      ...(profile.locale !== undefined && { locale: localeTag(profile.locale) }),
    };
    const fields = Object.entries(before).flatMap(([field, value]) =>
      this.current[field as keyof TenantState] === value ? [] : [field],
    );
    this.record(new TenantChanged(this.current.id, fields));
  }

  /** People and keys are refused; what customers write is stored and waits. */
  suspend(): void {
    if (this.current.status === 'suspended') return;
    this.current = { ...this.current, status: 'suspended' };
    this.record(new TenantSuspended(this.current.id));
  }

  resume(): void {
    if (this.current.status === 'active') return;
    this.current = { ...this.current, status: 'active' };
    this.record(new TenantResumed(this.current.id));
  }
}
