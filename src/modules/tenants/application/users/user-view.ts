import type { Role } from '../../../../kernel/access.js';
import type { UserStatus } from '../../domain/user.js';

/** A user as callers see one. */
export interface UserView {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly role: Role;
  readonly areas: readonly { readonly id: string; readonly name: string }[];
  readonly status: UserStatus;
  readonly lastLoginAt: Date | null;
  readonly createdAt: Date;
}

/** What to select of a user for its view. */
export const USER_VIEW = {
  id: true,
  email: true,
  name: true,
  role: true,
  status: true,
  lastLoginAt: true,
  createdAt: true,
  areas: { select: { area: { select: { id: true, name: true } } }, orderBy: { areaId: 'asc' } },
} as const;

interface UserRow extends Omit<UserView, 'role' | 'status' | 'areas'> {
  readonly role: string;
  readonly status: string;
  readonly areas: readonly { readonly area: { readonly id: string; readonly name: string } }[];
}

export function toUserView({ role, status, areas, ...rest }: UserRow): UserView {
  return { ...rest, role: role as Role, status: status as UserStatus, areas: areas.map(({ area }) => area) };
}
