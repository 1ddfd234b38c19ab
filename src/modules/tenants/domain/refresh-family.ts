/** One refresh token of a family, as it is kept: never the token itself. */
export interface RefreshTokenState {
  readonly id: string;
  /** SHA-256 of the token's secret, in hex. */
  readonly hash: string;
  readonly expiresAt: Date;
  readonly usedAt: Date | null;
  readonly revokedAt: Date | null;
}

export type Refusal = 'unknown' | 'expired' | 'revoked' | 'reused';
export type Rotation = { readonly rotated: true } | { readonly rotated: false; readonly refusal: Refusal };

export type NewRefreshToken = Pick<RefreshTokenState, 'id' | 'hash'>;

export const REFRESH_TOKEN_LIVES_MS = 30 * 24 * 3600_000;

/**
 * All refresh tokens that descend from one log-in. Each is used once and replaced; at most one is alive. A second use of the
 * same one means that somebody has a copy, so the whole family ends: thief and owner log in again, and only one of them can.
 */
export class RefreshFamily {
  private constructor(
    readonly id: string,
    readonly userId: string,
    private readonly members: Map<string, RefreshTokenState>,
  ) {}

  static begin(id: string, userId: string, first: NewRefreshToken, now: Date): RefreshFamily {
    return new RefreshFamily(id, userId, new Map([[first.id, fresh(first, now)]]));
  }

  static restore(id: string, userId: string, tokens: readonly RefreshTokenState[]): RefreshFamily {
    return new RefreshFamily(id, userId, new Map(tokens.map((token) => [token.id, token])));
  }

  get tokens(): readonly RefreshTokenState[] {
    return [...this.members.values()];
  }

  get isRevoked(): boolean {
    return this.tokens.some(({ revokedAt }) => revokedAt !== null);
  }

  /** Uses `token` up and puts `next` in its place. A reuse revokes the family. */
  rotate(token: NewRefreshToken, next: NewRefreshToken, now: Date): Rotation {
    const presented = this.members.get(token.id);
    if (presented?.hash !== token.hash) return { rotated: false, refusal: 'unknown' };
    if (this.isRevoked) return { rotated: false, refusal: 'revoked' };
    if (presented.usedAt) {
      this.revoke(now);
      return { rotated: false, refusal: 'reused' };
    }
    if (presented.expiresAt <= now) return { rotated: false, refusal: 'expired' };
    this.members.set(token.id, { ...presented, usedAt: now });
    this.members.set(next.id, fresh(next, now));
    return { rotated: true };
  }

  revoke(now: Date): void {
    for (const token of this.tokens) if (!token.revokedAt) this.members.set(token.id, { ...token, revokedAt: now });
  }
}

function fresh({ id, hash }: NewRefreshToken, now: Date): RefreshTokenState {
  return { id, hash, expiresAt: new Date(now.getTime() + REFRESH_TOKEN_LIVES_MS), usedAt: null, revokedAt: null };
}
