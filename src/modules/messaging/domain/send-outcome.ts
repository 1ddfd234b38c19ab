/** A refusal or fault as the provider told it; safe to show to the merchant, no secrets. */
export interface ProviderError {
  /** Meta's `error.code`, or our name of a transport fault (`ECONNREFUSED`, `HEADERS_TIMEOUT`, ...). */
  readonly code: number | string;
  readonly title: string;
  readonly detail?: string;
  readonly httpStatus?: number;
}

/**
 * What became of one POST, classified once, on the provider's error code (whatsapp-platform.md, reliability 2.5):
 * - `accepted`: the provider has it.
 * - `not-sent`: it certainly did not arrive (no connection); try again.
 * - `throttled`: refused for rate; try again, no attempt is burned. `recipient` waits for this customer only.
 * - `refused`: refused for good; `about` tells what is wrong, and so what must stop.
 * - `credential`: the token is dead; nothing of this account may be sent until it is replaced.
 * - `unknown`: it may have arrived. `soft` when the provider answered with an error of its own (wait, then retry).
 * - `deferred`: not tried, the breaker is open until `retryAt`.
 */
export type SendOutcome =
  | { readonly kind: 'accepted'; readonly wamid: string }
  | { readonly kind: 'not-sent'; readonly error: ProviderError }
  | { readonly kind: 'throttled'; readonly scope: 'number' | 'recipient' | 'account'; readonly error: ProviderError }
  | {
      readonly kind: 'refused';
      readonly about: 'message' | 'recipient' | 'template' | 'number' | 'account';
      readonly error: ProviderError;
    }
  | { readonly kind: 'credential'; readonly error: ProviderError }
  | { readonly kind: 'unknown'; readonly soft: boolean; readonly error: ProviderError }
  | { readonly kind: 'deferred'; readonly retryAt: Date };
