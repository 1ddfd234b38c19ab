/** The public face of customers: what other modules may use; nothing else is importable. */
export { CustomersModule } from './customers.module.js';
export {
  RecordNumberChange,
  ResolveContact,
  type ResolvedContact,
  type SeenPerson,
} from './application/resolve-contact.js';
export { type ContactView, FindContact } from './application/find-contact.js';
export { ContactNotFound } from './domain/contact-errors.js';
export { ContactsMerged, IdentityReassigned } from './domain/contact-events.js';
export { canonicalPhone, type Identity, type IdentityKind } from './domain/identity.js';
export { CurrentContactPolicy } from './application/contact-policy/current-contact-policy.js';
export { type ContactPolicy, contactableAt, HOUSE_POLICY, isContactable } from './domain/contact-policy.js';
export { ContactPolicyChanged } from './domain/contact-policy-events.js';
