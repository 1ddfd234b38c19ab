import { AsyncLocalStorage } from 'node:async_hooks';
import { Injectable } from '@nestjs/common';
import type { TenantId } from '../../kernel/ids.js';

/** What is known about the request that is being answered; authentication fills in for whom. */
export interface RequestFacts {
  readonly requestId: string;
  tenantId?: TenantId | undefined;
  /** `user:<id>`, `api-key:<id>` or `platform`: names a person or a key, holds no secret. */
  actor?: string | undefined;
}

/** The request around the current call: for log lines and the audit log, never for decisions. */
@Injectable()
export class RequestContext {
  readonly #storage = new AsyncLocalStorage<RequestFacts>();

  run<T>(facts: RequestFacts, work: () => T): T {
    return this.#storage.run(facts, work);
  }

  /** Undefined outside of a request: in a lane, at start. */
  get current(): RequestFacts | undefined {
    return this.#storage.getStore();
  }

  /** Notes who asks, once that is known. */
  identify(who: { tenantId: TenantId; actor: string }): void {
    const facts = this.#storage.getStore();
    if (facts) Object.assign(facts, who);
  }
}
