/** What people of a merchant may be (S1.25-S1.28). The platform operator is nobody's user. */
export const ROLES = ['ADMIN', 'DEVELOPER', 'SALES_TEAM_LEAD', 'SALES', 'LEAD_GEN'] as const;
export type Role = (typeof ROLES)[number];

/** What a credential may do. API keys carry them one by one, users have those of their role. */
export const SCOPES = [
  'messages:read',
  'messages:write',
  'conversations:read',
  'conversations:write',
  'customers:read',
  'customers:write',
  /** Dues, payments, payment terms, statements. */
  'ledger:read',
  'ledger:write',
  /** Reminders, promises, the contact policy, simulations. */
  'reminders:read',
  'reminders:write',
  /** What automation says, and when: steps, rules. */
  'flows:read',
  'flows:write',
  /** WhatsApp accounts, numbers, templates. */
  'whatsapp:read',
  'whatsapp:write',
  /** Webhook events, dead letters, the event log. */
  'operations:read',
  'operations:write',
  /** Users and areas. */
  'people:read',
  'people:write',
  'api-keys:read',
  'api-keys:write',
  'tenant:read',
  'tenant:write',
  'audit:read',
  /** Webhook endpoints. Whoever may set one up hears all that the tenant's event log tells. */
  'webhooks:read',
  'webhooks:write',
] as const;
export type Scope = (typeof SCOPES)[number];

const FRONT_OFFICE: readonly Scope[] = [
  'messages:read',
  'messages:write',
  'conversations:read',
  'conversations:write',
  'customers:read',
  'customers:write',
  'ledger:read',
  'reminders:read',
  'flows:read',
  'whatsapp:read',
  'people:read',
  'tenant:read',
];

const SCOPES_OF_ROLE: Readonly<Record<Role, ReadonlySet<Scope>>> = {
  ADMIN: new Set(SCOPES),
  DEVELOPER: new Set(SCOPES.filter((scope) => scope !== 'people:write' && scope !== 'tenant:write')),
  SALES_TEAM_LEAD: new Set(FRONT_OFFICE),
  SALES: new Set(FRONT_OFFICE),
  LEAD_GEN: new Set(FRONT_OFFICE),
};

export function scopesOf(role: Role): ReadonlySet<Scope> {
  return SCOPES_OF_ROLE[role];
}

/** Whether a role works with all areas' numbers; the others see those of the areas that they are assigned to (S1.25-S1.28). */
export function reachesAllAreas(role: Role): boolean {
  return role === 'ADMIN' || role === 'DEVELOPER';
}
