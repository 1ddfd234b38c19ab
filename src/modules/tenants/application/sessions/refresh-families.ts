import type { RefreshFamily } from '../../domain/refresh-family.js';

export abstract class RefreshFamilies {
  /** The family of a token, locked until the transaction ends, so that of two uses at once one is the second. */
  abstract findForUpdate(tokenId: string): Promise<RefreshFamily | undefined>;
  abstract save(family: RefreshFamily): Promise<void>;
  /** Ends one log-in. */
  abstract revoke(familyId: string): Promise<void>;
  /** Ends all log-ins of a user. */
  abstract revokeAllOf(userId: string): Promise<void>;
  /** Forgets tokens of a user that nobody could use any more. */
  abstract forgetExpired(userId: string): Promise<void>;
}
