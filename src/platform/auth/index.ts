/** What controllers and use cases need to say who may do what, and who did. */
export {
  AlsoForThePlatform,
  Authenticated,
  CurrentPrincipal,
  PlatformOnly,
  Public,
  RequiresRole,
  RequiresScope,
  TenantInPath,
} from './access.js';
export { AuditLog, type AuditedAct } from './audit-log.js';
export { bearerOf } from './auth-guard.js';
export { type Condition, heardThreads, seenNumbers, seenThreads, seenUnderThreads } from './inbox-access-sql.js';
export { Authenticator } from './authenticator.js';
export { Forbidden, TenantNotFound, TenantSuspended, Unauthenticated } from './auth-errors.js';
export {
  actorOf,
  type ApiKeyPrincipal,
  type AreaReach,
  inboxAccessOf,
  type PlatformPrincipal,
  type Principal,
  type UserPrincipal,
} from './principal.js';
