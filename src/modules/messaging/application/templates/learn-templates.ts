import { Injectable } from '@nestjs/common';
import { Clock } from '../../../../kernel/clock.js';
import { newId } from '../../../../kernel/ids.js';
import { AuditLog } from '../../../../platform/auth/index.js';
import { Outbox } from '../../../../platform/outbox/outbox.js';
import {
  isCostly,
  type KnownTemplate,
  learnTemplate,
  type NewsTime,
  type TemplateChanges,
  type TemplateNews,
} from '../../domain/templates/learn-template.js';
import { TemplateChanged, TemplateRecategorised } from '../../domain/templates/template-events.js';
import { AccountAlerts } from '../health/account-alerts.js';
import { type StoredTemplate, Templates } from './templates.js';

/** How many of an account's templates a list changed. */
export interface Learned {
  readonly templates: number;
  readonly changed: number;
  readonly deleted: number;
}

type Kept = Omit<StoredTemplate, 'createdAt' | 'updatedAt'>;

/** Code of the alert that stands until somebody has acknowledged the template's new category. */
export const RECATEGORISED = 'TEMPLATE_RECATEGORISED';

/** States that a person must know of, and how badly. */
const ALARMS: Readonly<Record<string, 'warning' | 'danger'>> = {
  paused: 'warning',
  rejected: 'warning',
  disabled: 'danger',
};

/**
 * Keeps what the provider tells of an account's templates, by its list or by webhooks, and tells of what changed: newer knowledge wins,
 * whichever way it came. Runs in the open transaction, behind the account's lock.
 */
@Injectable()
export class LearnTemplates {
  constructor(
    private readonly templates: Templates,
    private readonly alerts: AccountAlerts,
    private readonly audit: AuditLog,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  /** All of an account's templates as the provider's list had them. What it lacks is deleted. @param askedAt when it was asked for */
  async listed(accountId: string, list: readonly TemplateNews[], askedAt: Date): Promise<Learned> {
    const known = await this.templates.lock(accountId);
    const names = new Set(list.map(keyOf));
    const gone = known
      .filter((one) => one.status !== 'deleted' && !names.has(keyOf(one)))
      .map(({ name, language }): TemplateNews => ({ name, language, status: 'deleted' }));
    const time: NewsTime = { at: askedAt, by: 'listed' };
    const merged = [...list, ...gone].map((news) => this.#merge(accountId, known, news, time, askedAt));
    const changed = merged.filter(({ changes, isNew }) => isNew || Object.keys(changes).length > 0);
    await this.#keep(merged);
    const deleted = merged.filter(({ changes }) => changes.status?.to === 'deleted').length;
    return { templates: list.length, changed: changed.length, deleted };
  }

  /** News of one template. @returns whether it is known as a whole; else the list has to be asked for */
  async told(accountId: string, news: TemplateNews, at: Date): Promise<boolean> {
    const known = await this.templates.lock(accountId);
    const merged = this.#merge(accountId, known, news, { at, by: 'told' }, null);
    await this.#keep([merged]);
    return merged.row.toldAt.components !== undefined;
  }

  #merge(
    accountId: string,
    known: readonly StoredTemplate[],
    news: TemplateNews,
    time: NewsTime,
    syncedAt: Date | null,
  ) {
    const before = known.find((one) => keyOf(one) === keyOf(news));
    const { template, changes } = learnTemplate(before, news, time);
    const row: Kept = {
      ...template,
      id: before?.id ?? newId(),
      accountId,
      syncedAt: latest(syncedAt, before?.syncedAt ?? null),
    };
    return { row, changes, isNew: before === undefined };
  }

  async #keep(merged: readonly { row: Kept; changes: TemplateChanges }[]): Promise<void> {
    await this.templates.save(
      merged.map(({ row }) => row),
      this.clock.now(),
    );
    for (const { row, changes } of merged) await this.#tell(row, changes);
  }

  async #tell(template: Kept, changes: TemplateChanges): Promise<void> {
    const { id, accountId, name, language, status, quality } = template;
    const which = { accountId, name, language };
    if (changes.category) {
      const { from, to } = changes.category;
      await this.outbox.append([new TemplateRecategorised(id, { ...which, from, to })]);
      await this.audit.record({
        action: 'whatsapp-template.recategorised',
        subjectId: name,
        details: { language, from, to },
      });
      await this.#alert(template, RECATEGORISED, isCostly({ from, to }) ? 'danger' : 'warning', {
        from,
        to,
      });
    }
    if (changes.status || changes.quality)
      await this.outbox.append([new TemplateChanged(id, { ...which, status, quality, changes })]);
    const severity = changes.status && ALARMS[changes.status.to];
    if (severity)
      await this.#alert(template, `TEMPLATE_${status.toUpperCase()}`, severity, { reason: template.rejectedReason });
    if (changes.quality?.to === 'red') await this.#alert(template, 'TEMPLATE_QUALITY_LOW', 'warning', { quality });
  }

  #alert(
    { accountId, name, language }: KnownTemplate & { readonly accountId: string },
    code: string,
    severity: 'warning' | 'danger',
    detail: Readonly<Record<string, unknown>>,
  ): Promise<void> {
    const subject = alertSubject({ name, language });
    return this.alerts.raise({ code, severity, accountId, subject, detail: { name, language, ...detail } });
  }
}

/** What alerts about a template name as their subject. */
export function alertSubject({ name, language }: { readonly name: string; readonly language: string }): string {
  return `${name}/${language}`;
}

/** Of two lists that were asked for, the later may be kept first. */
function latest(a: Date | null, b: Date | null): Date | null {
  if (a === null || b === null) return a ?? b;
  return a > b ? a : b;
}

function keyOf({ name, language }: { readonly name: string; readonly language: string }): string {
  return `${name}|${language}`;
}
