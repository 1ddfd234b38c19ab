import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { AuditLog } from '../../../../platform/auth/audit-log.js';
import { TenantScope } from '../../../../platform/database/tenant-scope.js';
import { Outbox } from '../../../../platform/outbox/outbox.js';
import {
  allowsContact,
  type ContactPolicy,
  HOUSE_POLICY,
  POLICY_PRESETS,
  type PolicyPreset,
} from '../../domain/contact-policy.js';
import { PolicyNeverAllows } from '../../domain/contact-policy-errors.js';
import { ContactPolicyChanged } from '../../domain/contact-policy-events.js';
import { ContactPolicies } from './contact-policies.js';

export type WantedPolicy = Partial<Omit<ContactPolicy, 'version'>>;

/**
 * Puts a policy in the place of the one that was: what is left out is the preset's, else the house's. Emits ContactPolicyChanged.
 * @throws PolicyNeverAllows
 */
export class ReplaceContactPolicy extends Command<ContactPolicy> {
  constructor(
    readonly wanted: WantedPolicy,
    readonly preset: PolicyPreset | undefined,
  ) {
    super();
  }
}

@CommandHandler(ReplaceContactPolicy)
export class ReplaceContactPolicyHandler implements ICommandHandler<ReplaceContactPolicy> {
  constructor(
    private readonly policies: ContactPolicies,
    private readonly outbox: Outbox,
    private readonly audit: AuditLog,
    private readonly scope: TenantScope,
  ) {}

  async execute({ wanted, preset }: ReplaceContactPolicy): Promise<ContactPolicy> {
    const given = Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== undefined));
    const { version: _, ...asked } = { ...HOUSE_POLICY, ...(preset && POLICY_PRESETS[preset]), ...given };
    const policy = {
      ...asked,
      weekdays: [...new Set(asked.weekdays)].toSorted((a, b) => a - b),
      holidays: [...new Set(asked.holidays)].toSorted(),
    };
    if (!allowsContact(policy)) throw new PolicyNeverAllows();
    const current = await this.policies.replace(policy);
    await this.outbox.append([new ContactPolicyChanged(this.scope.tenantId, current.version)]);
    await this.audit.record({ action: 'contact-policy.replaced', details: { ...current } });
    return current;
  }
}
