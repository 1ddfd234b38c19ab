import type { StatusEntry } from '../message-status.js';

/** What the provider said about the price of one message (C33, C34). Words stay as given: the provider adds some every year. */
export interface Charge {
  /** PMP: the message costs. CBP: the conversation that it belongs to, which many messages share (until 2025-06-30). */
  readonly model: string;
  /** utility, marketing, authentication, service, authentication_international, marketing_lite, referral_conversion ... */
  readonly category: string;
  /** regular | free_customer_service | free_entry_point; null: not told, as in CBP. */
  readonly pricingType: string | null;
  readonly billable: boolean;
  /** The conversation that the provider counts it to, if it named one. */
  readonly conversationId: string | null;
  /** When the provider first told. */
  readonly at: Date;
  /** As received. */
  readonly pricing: Readonly<Record<string, unknown>>;
}

/** From when on messages are charged, not conversations (Meta, "Pricing on the WhatsApp Business Platform", read 2026-03-10). */
const MESSAGES_CHARGED_FROM = new Date('2025-07-01T00:00:00Z');

/**
 * What a message's statuses say about its price, with what was known of it. A function of the set: order and repetition do not matter
 * (S4.8, S4.13). The status that says billable wins over one that does not. @returns undefined: they say nothing about a price
 */
export function chargeOf(known: Charge | undefined, entries: readonly StatusEntry[]): Charge | undefined {
  return entries.reduce<Charge | undefined>((charge, entry) => merged(charge, readCharge(entry)), known);
}

function readCharge({ at, pricing, conversation }: StatusEntry): Charge | undefined {
  if (!isObject(pricing)) return undefined;
  const when = new Date(at);
  const type = wordOf(pricing['type']);
  const told = pricing['billable'];
  const origin = isObject(conversation) && isObject(conversation['origin']) ? conversation['origin'] : {};
  return {
    model: textOf(pricing['pricing_model'])?.toUpperCase() ?? (when < MESSAGES_CHARGED_FROM ? 'CBP' : 'PMP'),
    category: wordOf(pricing['category']) ?? wordOf(origin['type']) ?? 'unknown',
    pricingType: type,
    // `billable` is to go away; the type says the same.
    billable: typeof told === 'boolean' ? told : type === null || type === 'regular',
    conversationId: isObject(conversation) ? textOf(conversation['id']) : null,
    at: when,
    pricing,
  };
}

function merged(one: Charge | undefined, other: Charge | undefined): Charge | undefined {
  if (!one || !other) return one ?? other;
  const [winner, loser] = goesBefore(one, other) ? [one, other] : [other, one];
  return {
    ...winner,
    at: one.at < other.at ? one.at : other.at,
    conversationId: lesser(winner.conversationId, loser.conversationId),
  };
}

/** A total order of what was told, so that the same one wins wherever it stands. */
function goesBefore(one: Charge, other: Charge): boolean {
  if (one.billable !== other.billable) return one.billable;
  return contentOf(one) <= contentOf(other);
}

function contentOf({ model, category, pricingType, pricing }: Charge): string {
  const sorted = Object.entries(pricing).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([model, category, pricingType, sorted]);
}

function lesser(one: string | null, other: string | null): string | null {
  if (one === null || other === null) return one ?? other;
  return one < other ? one : other;
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

function wordOf(value: unknown): string | null {
  return textOf(value)?.toLowerCase() ?? null;
}
