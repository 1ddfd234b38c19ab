import { DomainError } from '../../../kernel/domain-error.js';
import type { Refusal } from './refresh-family.js';

const DETAILS: Record<Refusal, string> = {
  unknown: 'This is no refresh token of ours.',
  expired: 'The session has ended: log in again.',
  revoked: 'The session has ended: log in again.',
  reused: 'The refresh token was used before, so somebody may have a copy. The session has ended: log in again.',
};

export class RefreshRefused extends DomainError {
  readonly code = 'REFRESH_REFUSED';
  readonly kind = 'unauthenticated';
  constructor(refusal: Refusal) {
    super(DETAILS[refusal]);
  }
}
