import { Injectable } from '@nestjs/common';
import { Accounts } from './accounts.js';
import { RealTime } from './real-time.js';
import { type Template, Templates, type TemplateStatus } from './templates.js';
import { WebhookSender } from './webhook-sender.js';

const REVIEW_MS = 250;

/** Meta's reviewers: approve after a moment, except what has `reject` in its name; and tell the application. */
@Injectable()
export class TemplateReview {
  private readonly qualities = new Map<string, string>();

  constructor(
    private readonly accounts: Accounts,
    private readonly templates: Templates,
    private readonly realTime: RealTime,
    private readonly webhooks: WebhookSender,
  ) {}

  begin(wabaId: string, template: Template): void {
    this.realTime.after(REVIEW_MS, () => {
      // Deleted meanwhile: there is nothing to decide on.
      if (this.templates.find(wabaId, template.name, template.language) !== template) return;
      const isRefused = template.name.includes('reject');
      this.decide(wabaId, template, isRefused ? 'REJECTED' : 'APPROVED', isRefused ? 'INVALID_FORMAT' : 'NONE');
    });
  }

  /** Sets a status and posts `message_template_status_update`. */
  decide(wabaId: string, template: Template, status: TemplateStatus, reason = 'NONE'): void {
    template.status = status;
    template.rejected_reason = reason;
    this.tell(wabaId, 'message_template_status_update', status, {
      event: status,
      message_template_id: Number(template.id),
      message_template_name: template.name,
      message_template_language: template.language,
      message_template_category: template.category,
      reason,
    });
  }

  /** Moves a template to another category, as Meta's sweeps do, and posts `template_category_update`. */
  recategorise(wabaId: string, template: Template, category: string): void {
    const previous = template.category;
    template.category = category;
    this.tell(wabaId, 'template_category_update', category, {
      message_template_id: Number(template.id),
      message_template_name: template.name,
      message_template_language: template.language,
      previous_category: previous,
      new_category: category,
    });
  }

  /** Rates a template, and posts `message_template_quality_update`. */
  rate(wabaId: string, template: Template, quality: string): void {
    const previous = this.qualities.get(template.id) ?? 'UNKNOWN';
    this.qualities.set(template.id, quality);
    this.tell(wabaId, 'message_template_quality_update', quality, {
      previous_quality_score: previous,
      new_quality_score: quality,
      message_template_id: Number(template.id),
      message_template_name: template.name,
      message_template_language: template.language,
    });
  }

  private tell(wabaId: string, field: string, type: string, value: Record<string, unknown>): void {
    if (!this.accounts.account(wabaId).subscribed) return;
    this.webhooks.emit({ lane: wabaId, kind: 'account', field, wabaId, type, value });
  }
}
