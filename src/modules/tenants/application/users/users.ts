import type { User } from '../../domain/user.js';

export abstract class Users {
  /** Claims the e-mail address over all tenants. @throws EmailTaken */
  abstract add(user: User): Promise<void>;
  /** Locks the user's row until the transaction ends. @throws UserNotFound */
  abstract getForUpdate(id: string): Promise<User>;
  abstract save(user: User): Promise<void>;
  /** @param email normalised */
  abstract findByEmail(email: string): Promise<User | undefined>;
  /**
   * How many active ADMINs there are besides this user. Locks them all, so that two of them cannot stop at the same time; asked
   * before the user itself is locked, so that two askers wait for each other in one order.
   */
  abstract otherActiveAdmins(id: string): Promise<number>;
}
