import type { Role } from '../../../kernel/access.js';
import { AggregateRoot } from '../../../kernel/aggregate-root.js';
import { displayName } from './tenant-words.js';
import { emailAddress } from './email-address.js';
import { UserAreasChanged, UserCreated, UserDisabled, UserEnabled, UserRoleChanged } from './user-events.js';
import { LastAdmin } from './user-errors.js';

export type UserStatus = 'active' | 'disabled';

export interface UserState {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly passwordHash: string;
  readonly role: Role;
  readonly status: UserStatus;
  /** Access tokens carry it: a higher one ends them all at once. */
  readonly sessionVersion: number;
  /** Sorted, each once. */
  readonly areaIds: readonly string[];
  readonly lastLoginAt: Date | null;
  readonly createdAt: Date;
}

export interface NewUser {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly role: Role;
  readonly areaIds: readonly string[];
}

/** Somebody who works for the merchant. */
export class User extends AggregateRoot {
  private constructor(private current: UserState) {
    super();
  }

  static create({ id, email, name, role, areaIds }: NewUser, passwordHash: string, at: Date): User {
    const user = new User({
      id,
      email: emailAddress(email),
      name: displayName(name),
      passwordHash,
      role,
      status: 'active',
      sessionVersion: 1,
      areaIds: distinct(areaIds),
      lastLoginAt: null,
      createdAt: at,
    });
    user.record(new UserCreated(id, { role }));
    return user;
  }

  static restore(state: UserState): User {
    return new User(state);
  }

  get state(): UserState {
    return this.current;
  }

  get isActiveAdmin(): boolean {
    return this.current.role === 'ADMIN' && this.current.status === 'active';
  }

  rename(name: string): void {
    this.current = { ...this.current, name: displayName(name) };
  }

  workIn(areaIds: readonly string[]): void {
    const wanted = distinct(areaIds);
    if (wanted.join() === this.current.areaIds.join()) return;
    this.current = { ...this.current, areaIds: wanted };
    this.record(new UserAreasChanged(this.current.id, wanted));
  }

  /**
   * Access tokens of the old role end at once; a refresh brings one of the new.
   * @param otherAdmins how many other active users are ADMINs @throws LastAdmin
   */
  changeRole(role: Role, otherAdmins: number): void {
    if (role === this.current.role) return;
    if (this.isActiveAdmin && otherAdmins === 0) throw new LastAdmin();
    this.current = { ...this.current, role };
    this.endAccess();
    this.record(new UserRoleChanged(this.current.id, { role }));
  }

  /** @throws LastAdmin */
  disable(otherAdmins: number): void {
    if (this.current.status === 'disabled') return;
    if (this.isActiveAdmin && otherAdmins === 0) throw new LastAdmin();
    this.current = { ...this.current, status: 'disabled' };
    this.endAccess();
    this.record(new UserDisabled(this.current.id));
  }

  enable(): void {
    if (this.current.status === 'active') return;
    this.current = { ...this.current, status: 'active' };
    this.record(new UserEnabled(this.current.id));
  }

  changePassword(passwordHash: string): void {
    this.current = { ...this.current, passwordHash };
    this.endAccess();
  }

  loggedIn(at: Date): void {
    this.current = { ...this.current, lastLoginAt: at };
  }

  /** All access tokens end at once; refresh tokens are the business of their families. */
  endAccess(): void {
    this.current = { ...this.current, sessionVersion: this.current.sessionVersion + 1 };
  }
}

function distinct(ids: readonly string[]): string[] {
  return [...new Set(ids)].sort();
}
