import type { ParameterFormat, Template, TemplatePart } from './template.js';

/** What the provider tells separately of a template, each at its own time. */
export type TemplateAspect = 'status' | 'category' | 'quality' | 'components';

/** A template as it is known. */
export interface KnownTemplate extends Template {
  readonly providerId: string | null;
  /** What it was before the provider moved it; set until somebody has acknowledged it (F8). */
  readonly previousCategory: string | null;
  /** green | yellow | red | unknown */
  readonly quality: string | null;
  readonly rejectedReason: string | null;
  /** When the provider told of each aspect. */
  readonly toldAt: Readonly<Partial<Record<TemplateAspect, Date>>>;
}

/** News of one template; members that it says nothing about are left out. */
export interface TemplateNews {
  readonly name: string;
  readonly language: string;
  readonly providerId?: string;
  readonly status?: string;
  readonly rejectedReason?: string | null;
  readonly category?: string;
  /** What the provider says that it was before; counts where nothing is known here. */
  readonly formerCategory?: string;
  readonly quality?: string | null;
  readonly components?: readonly TemplatePart[];
  readonly parameterFormat?: ParameterFormat;
}

/** `listed`: as a page of the provider's list had it, asked at that instant. `told`: by a webhook, at that second. */
export interface NewsTime {
  readonly at: Date;
  readonly by: 'listed' | 'told';
}

/** What the news changed of what was known. */
export interface TemplateChanges {
  readonly status?: { readonly from: string; readonly to: string };
  readonly category?: { readonly from: string; readonly to: string };
  readonly quality?: { readonly from: string | null; readonly to: string | null };
}

/** The provider's words for states that are others here. */
const STATUSES: Readonly<Record<string, string>> = { reinstated: 'approved', unpaused: 'approved' };
const DELETED = 'deleted';
/** A warning about a template that may still be sent. */
const FLAGGED = 'flagged';

/**
 * Merges news into what is known: of each aspect the newer word wins, whatever came first (webhooks overtake each other and the list). Webhooks
 * carry whole seconds, so within one second a webhook goes before the list; and what is deleted stays so, for an approval of that second was
 * given before.
 */
export function learnTemplate(
  known: KnownTemplate | undefined,
  news: TemplateNews,
  time: NewsTime,
): { readonly template: KnownTemplate; readonly changes: TemplateChanges } {
  const isNews = (aspect: TemplateAspect): boolean => {
    const before = known?.toldAt[aspect];
    if (!before) return true;
    const [now, then] = [Math.floor(time.at.getTime() / 1000), Math.floor(before.getTime() / 1000)];
    const winsTies = time.by === 'told' && !(aspect === 'status' && known.status === DELETED);
    return winsTies ? now >= then : now > then;
  };
  const take = <Value>(aspect: TemplateAspect, told: Value | undefined): told is Value =>
    told !== undefined && isNews(aspect);
  const word = news.status?.toLowerCase();
  const status = word === FLAGGED && known ? known.status : word && (STATUSES[word] ?? word);
  const category = news.category?.toLowerCase();
  const old = known ?? fresh(news);
  const template: KnownTemplate = {
    ...old,
    providerId: news.providerId ?? old.providerId,
    ...(take('status', status) && {
      status,
      rejectedReason: status === 'rejected' ? (news.rejectedReason ?? null) : null,
    }),
    ...(take('category', category) && { category }),
    ...(take('quality', news.quality) && { quality: news.quality?.toLowerCase() ?? null }),
    ...(take('components', news.components) && {
      components: news.components,
      parameterFormat: news.parameterFormat ?? old.parameterFormat,
    }),
    toldAt: {
      ...old.toldAt,
      ...(take('status', status) && { status: time.at }),
      ...(take('category', category) && { category: time.at }),
      ...(take('quality', news.quality) && { quality: time.at }),
      ...(take('components', news.components) && { components: time.at }),
    },
  };
  const from = old.category === '' ? news.formerCategory?.toLowerCase() : old.category;
  const moved = from !== undefined && from !== '' && from !== template.category;
  const changes: TemplateChanges = {
    // What a list brings of templates that are new here is no news of theirs; a webhook is.
    ...((known ?? (time.by === 'told' ? old : undefined)) &&
      old.status !== template.status && { status: { from: old.status, to: template.status } }),
    ...(moved && { category: { from, to: template.category } }),
    ...(known && known.quality !== template.quality && { quality: { from: known.quality, to: template.quality } }),
  };
  return {
    template: moved
      ? { ...template, previousCategory: drift(old.previousCategory ?? from, template.category) }
      : template,
    changes,
  };
}

/** Back where it was before anybody acknowledged it: there is nothing left to acknowledge. */
function drift(first: string, now: string): string | null {
  return first === now ? null : first;
}

/** Whether the news is worth an alarm: what was a utility is billed and throttled as marketing from now on. */
export function isCostly({ from, to }: { readonly from: string; readonly to: string }): boolean {
  return from !== 'marketing' && to === 'marketing';
}

function fresh({ name, language }: TemplateNews): KnownTemplate {
  return {
    name,
    language,
    providerId: null,
    category: '',
    previousCategory: null,
    status: 'unknown',
    quality: null,
    rejectedReason: null,
    parameterFormat: 'positional',
    components: [],
    toldAt: {},
  };
}
