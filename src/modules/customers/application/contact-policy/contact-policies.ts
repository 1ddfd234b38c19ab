import type { ContactPolicy } from '../../domain/contact-policy.js';

/** The merchant's contact policy. */
export abstract class ContactPolicies {
  /** The merchant's own, else the house's. */
  abstract current(): Promise<ContactPolicy>;
  /** Replaces it by its next version. */
  abstract replace(policy: Omit<ContactPolicy, 'version'>): Promise<ContactPolicy>;
}
