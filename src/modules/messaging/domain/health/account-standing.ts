/** What an account's change means for its numbers. */
export type Standing =
  /** Nothing may be sent; `reason` becomes the numbers' `pausedReason`. */
  { readonly stop: string } | 'reinstated' | 'unchanged';

/** Numbers paused for the account's sake carry a reason that begins so: only those are resumed with it. */
export const ACCOUNT_REASON = 'ACCOUNT_';

/**
 * Reads an account's change (Meta, "account_update webhook reference"): a ban stops it, a reinstatement lets it go on, a restriction of
 * messaging stops it until the merchant has settled it and resumes the numbers. One that is merely announced changes nothing yet.
 */
export function standingAfter(event: string, detail: Readonly<Record<string, unknown>>): Standing {
  switch (event) {
    case 'DISABLED_UPDATE': {
      const told = memberOf(detail['ban_info'], 'waba_ban_state');
      // Older webhooks wrote a list of one.
      const state: unknown = Array.isArray(told) ? told[0] : told;
      if (state === 'REINSTATE') return 'reinstated';
      return state === 'DISABLE' ? { stop: `${ACCOUNT_REASON}DISABLED` } : 'unchanged';
    }
    case 'ACCOUNT_RESTRICTION': {
      const restrictions = detail['restriction_info'];
      const types = (Array.isArray(restrictions) ? restrictions : []).map((one) => memberOf(one, 'restriction_type'));
      return types.some((type) => typeof type === 'string' && type.endsWith('_INITIATED_MESSAGING'))
        ? { stop: `${ACCOUNT_REASON}RESTRICTED` }
        : 'unchanged';
    }
    case 'ACCOUNT_DELETED':
      return { stop: `${ACCOUNT_REASON}DELETED` };
    default:
      return 'unchanged';
  }
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}
