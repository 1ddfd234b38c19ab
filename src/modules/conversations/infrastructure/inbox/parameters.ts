import type { Condition } from '../../../../platform/auth/index.js';

/** The values of a statement that is put together from parts; $1 is the tenant. */
export class Parameters {
  readonly values: unknown[];

  constructor(tenantId: string) {
    this.values = [tenantId];
  }

  /** @returns how the statement names it */
  add(value: unknown, type: string): string {
    return `$${this.values.push(value)}::${type}`;
  }

  /** A condition that was made for the next free numbers. @returns its SQL */
  take({ sql, parameters }: Condition): string {
    this.values.push(...parameters);
    return sql;
  }

  /** The number of the next free parameter. */
  get next(): number {
    return this.values.length + 1;
  }
}
