import { Money } from '../../../../kernel/money.js';
import type { Identity } from '../../domain/identity.js';

/** A customer as callers see them (S0.93). */
export interface CustomerView {
  readonly id: string;
  /** The merchant's name for them, else the one that they gave on WhatsApp. */
  readonly name: string | null;
  /** +E.164; null: no number is theirs (any more). */
  readonly phone: string | null;
  readonly identities: readonly Identity[];
  /** The merchant's own number for the customer. */
  readonly reference: string | null;
  readonly language: string | null;
  /** IANA zone; null: the merchant's. */
  readonly timezone: string | null;
  readonly paymentTermId: string | null;
  /** What they owe, over all dues; negative: in credit (C68). */
  readonly currentDue: Money;
  /** Paid and not needed yet. */
  readonly credit: Money;
  /** Their latest answer (S0.64). */
  readonly feedback: string | null;
  readonly lastInteractionAt: Date | null;
  readonly lastReminderAt: Date | null;
  readonly optedOutAt: Date | null;
  readonly archivedAt: Date | null;
  readonly createdAt: Date;
}

export interface CustomerRow extends Omit<CustomerView, 'currentDue' | 'credit'> {
  readonly currency: string;
  readonly balanceMinor: number;
  readonly creditMinor: number;
}

/** $1 is the tenant; `c` the customer, `p` the contact. Conditions follow. */
export const CUSTOMER_ROWS = `
  select c.id, coalesce(p.name, p.profile_name) as name, phone.value as phone, coalesce(known.identities, '[]'::jsonb) as identities,
    c.reference, c.language, c.timezone, c.payment_term_id as "paymentTermId", c.currency, c.balance_minor::float8 as "balanceMinor",
    c.credit_minor::float8 as "creditMinor", c.feedback, c.last_interaction_at as "lastInteractionAt", c.last_reminder_at as "lastReminderAt",
    c.opted_out_at as "optedOutAt", c.archived_at as "archivedAt", c.created_at as "createdAt"
  from customer c
  join contact p on p.tenant_id = c.tenant_id and p.id = c.id
  left join lateral (
    select i.value from contact_identity i where i.tenant_id = c.tenant_id and i.contact_id = c.id and i.kind = 'phone'
    order by i.created_at desc, i.value limit 1) phone on true
  left join lateral (
    select jsonb_agg(jsonb_build_object('kind', i.kind, 'value', i.value) order by i.kind, i.value) as identities
    from contact_identity i where i.tenant_id = c.tenant_id and i.contact_id = c.id) known on true
  where c.tenant_id = $1::uuid`;

export function toCustomerView({ currency, balanceMinor, creditMinor, ...row }: CustomerRow): CustomerView {
  return { ...row, currentDue: Money.of(balanceMinor, currency), credit: Money.of(creditMinor, currency) };
}
