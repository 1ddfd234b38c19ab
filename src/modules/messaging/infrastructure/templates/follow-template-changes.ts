import { Injectable } from '@nestjs/common';
import { Clock } from '../../../../kernel/clock.js';
import { TenantScope } from '../../../../platform/database/tenant-scope.js';
import { Lanes } from '../../../../platform/lanes/lanes.js';
import { ChangeConsumer, ConsumesChanges } from '../../application/changes/change-consumer.js';
import type { ChangeSource, ProviderChange } from '../../application/changes/provider-change.js';
import { AccountAlerts } from '../../application/health/account-alerts.js';
import { alertSubject, LearnTemplates } from '../../application/templates/learn-templates.js';
import { TEMPLATE_SYNC } from '../../application/templates/template-sync-lane.js';
import { Templates } from '../../application/templates/templates.js';
import type { TemplateNews } from '../../domain/templates/learn-template.js';

type OfTemplate = Extract<ProviderChange, { kind: `template-${string}` }>;

/** Keeps what webhooks tell of templates (F8); what they do not tell whole is asked for. */
@Injectable()
@ConsumesChanges(['template-status', 'template-quality', 'template-category', 'template-components'])
export class FollowTemplateChanges extends ChangeConsumer {
  constructor(
    private readonly templates: Templates,
    private readonly learn: LearnTemplates,
    private readonly alerts: AccountAlerts,
    private readonly lanes: Lanes,
    private readonly scope: TenantScope,
    private readonly clock: Clock,
  ) {
    super();
  }

  async consume(change: ProviderChange, { wabaId, at }: ChangeSource): Promise<void> {
    if (!isOfTemplate(change) || wabaId === undefined) return;
    const accountId = await this.templates.accountOf(wabaId);
    if (accountId === undefined) return;
    const isWhole = await this.learn.told(accountId, newsOf(change), at);
    await this.#warn(accountId, change);
    if (!isWhole || change.kind === 'template-components')
      await this.lanes.ring(TEMPLATE_SYNC, [
        { key: accountId, tenantId: this.scope.tenantId, dueAt: this.clock.now() },
      ]);
  }

  /** What is going to happen, unless somebody does something. */
  async #warn(accountId: string, change: OfTemplate): Promise<void> {
    const { name, language } = change;
    const subject = alertSubject({ name, language });
    if (change.kind === 'template-category' && change.announced !== undefined)
      await this.alerts.raise({
        code: 'TEMPLATE_CATEGORY_ANNOUNCED',
        severity: 'warning',
        accountId,
        subject,
        detail: { name, language, from: change.category, to: change.announced },
      });
    if (change.kind === 'template-status' && change.status === 'flagged')
      await this.alerts.raise({
        code: 'TEMPLATE_FLAGGED',
        severity: 'warning',
        accountId,
        subject,
        detail: { name, language, ...change.detail },
      });
  }
}

function isOfTemplate(change: ProviderChange): change is OfTemplate {
  return change.kind.startsWith('template-');
}

function newsOf(change: OfTemplate): TemplateNews {
  const { name, language, providerId } = change;
  const which = { name, language, ...(providerId !== undefined && { providerId }) };
  switch (change.kind) {
    case 'template-status':
      return {
        ...which,
        status: change.status,
        rejectedReason: change.reason ?? null,
        ...(change.category !== undefined && { category: change.category }),
      };
    case 'template-quality':
      return { ...which, quality: change.quality };
    case 'template-category':
      return {
        ...which,
        category: change.category,
        ...(change.previous !== undefined && { formerCategory: change.previous }),
      };
    case 'template-components':
      return which;
  }
}
