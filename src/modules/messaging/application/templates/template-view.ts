import { parametersOf, type TemplateParameters } from '../../domain/templates/template-parameters.js';
import type { TemplatePart } from '../../domain/templates/template.js';
import type { StoredTemplate } from './templates.js';

/** A template as people and programs see it. */
export interface TemplateView {
  readonly id: string;
  readonly accountId: string;
  readonly name: string;
  readonly language: string;
  readonly category: string;
  /** Set until somebody acknowledged that the provider moved it. */
  readonly previousCategory: string | null;
  readonly status: string;
  readonly quality: string | null;
  readonly rejectedReason: string | null;
  readonly parameters: TemplateParameters;
  readonly components: readonly TemplatePart[];
  readonly syncedAt: Date | null;
  /** The provider has not confirmed it for hours: it may be another by now. */
  readonly stale: boolean;
}

/** Templates are synced hourly; two misses in a row are no accident. */
const STALE_AFTER_MS = 3 * 60 * 60 * 1000;

export function toTemplateView(template: StoredTemplate, now: Date): TemplateView {
  const { id, accountId, name, language, category, previousCategory, status, quality, rejectedReason } = template;
  const { components, syncedAt } = template;
  return {
    id,
    accountId,
    name,
    language,
    category,
    previousCategory,
    status,
    quality,
    rejectedReason,
    parameters: parametersOf(template),
    components,
    syncedAt,
    stale: syncedAt === null || now.getTime() - syncedAt.getTime() > STALE_AFTER_MS,
  };
}
