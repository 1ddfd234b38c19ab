import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import type { ContactPolicy } from '../../domain/contact-policy.js';
import { ContactPolicies } from './contact-policies.js';

/** When customers may be contacted unasked (D7); the house's policy for a merchant who set none. */
export class CurrentContactPolicy extends Query<ContactPolicy> {}

@QueryHandler(CurrentContactPolicy)
export class CurrentContactPolicyHandler implements IQueryHandler<CurrentContactPolicy> {
  constructor(private readonly policies: ContactPolicies) {}

  execute(): Promise<ContactPolicy> {
    return this.policies.current();
  }
}
