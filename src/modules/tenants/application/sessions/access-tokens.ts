import type { TenantId } from '../../../../kernel/ids.js';

export interface AccessClaims {
  readonly tenantId: TenantId;
  readonly userId: string;
  /** The log-in (its refresh family) that the token descends from. */
  readonly sessionId: string;
  readonly sessionVersion: number;
}

/** Short-lived proof of a log-in. What it says is checked against the user's row on each use. */
export abstract class AccessTokens {
  /** Seconds for which a token is good. */
  abstract readonly livesSeconds: number;
  abstract issue(claims: AccessClaims): Promise<string>;
  /** @throws Unauthenticated */
  abstract read(token: string): Promise<AccessClaims>;
}
