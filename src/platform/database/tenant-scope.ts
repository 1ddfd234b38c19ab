import { AsyncLocalStorage } from 'node:async_hooks';
import { Injectable } from '@nestjs/common';
import type { TenantId } from '../../kernel/ids.js';

/**
 * For whom the current request, job or socket works. Opened once, at the edge; everything below runs inside it, and every
 * transaction tells the database first (row security does the rest). `PLATFORM` is a scope like any other.
 */
@Injectable()
export class TenantScope {
  readonly #storage = new AsyncLocalStorage<TenantId>();

  run<T>(tenant: TenantId, work: () => T): T {
    return this.#storage.run(tenant, work);
  }

  get current(): TenantId | undefined {
    return this.#storage.getStore();
  }

  /** @throws Error when nobody opened a scope: a fault of ours, never of a caller */
  get tenantId(): TenantId {
    const tenant = this.#storage.getStore();
    if (!tenant) throw new Error('No tenant scope is open: open one at the edge with TenantScope.run');
    return tenant;
  }
}
