/**
 * Something that happened to an aggregate and that others may react to. Written to the outbox in the transaction that made it
 * true, and delivered at least once, in order within the aggregate.
 */
export abstract class DomainEvent {
  /** `<module>.<past participle sentence>`, e.g. `tenants.tenant-registered`; stable, stored. */
  abstract readonly type: string;
  abstract readonly aggregateId: string;
  /** JSON; no secrets. */
  abstract readonly payload: Readonly<Record<string, unknown>>;
}
