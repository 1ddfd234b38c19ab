import type { TenantState, TenantStatus } from '../../domain/tenant.js';

/** A merchant as callers see it. */
export interface TenantView {
  readonly id: string;
  readonly name: string;
  /** ISO 3166-1 alpha-2 */
  readonly country: string;
  /** IANA zone */
  readonly timezone: string;
  /** ISO 4217 */
  readonly currency: string;
  /** BCP 47 */
  readonly locale: string;
  readonly status: TenantStatus;
  readonly createdAt: Date;
}

/** From an aggregate's state or a row. */
export function toTenantView({
  id,
  name,
  country,
  timezone,
  currency,
  locale,
  status,
  createdAt,
}: Omit<TenantState, 'status'> & { status: string }): TenantView {
  return { id, name, country, timezone, currency, locale, status: status as TenantStatus, createdAt };
}
