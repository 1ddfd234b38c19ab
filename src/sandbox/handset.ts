import { Injectable } from '@nestjs/common';
import { businessScopedUserId } from './ids.js';
import { arrayOf, type JsonObject, objectOf, textOf } from './json-input.js';
import { Newest } from './ledger.js';
import { RateBucket } from './rate-bucket.js';
import { SandboxSettings } from './settings.js';
import type { RenderedTemplate } from './template-rules.js';

const MESSAGES_KEPT = 500;
const WINDOW_MS = 24 * 60 * 60 * 1000;
/** About one message in six seconds, with a short burst. */
const PAIR_PER_SECOND = 1 / 6;
const PAIR_BURST = 45;

/** How a phone behaves; what is not told, does at once what a phone in a hand does. */
export interface HandsetBehaviour {
  /** Whether messages reach the phone; when false they stop at `sent`. */
  delivers: boolean;
  /** Whether read receipts come. */
  reads: boolean;
  /** Real milliseconds before a message is delivered. */
  delayMs: number;
  /** Whether the number is on WhatsApp; when not, messages fail with 131026. */
  onWhatsApp: boolean;
  /** Whether the person has a username and hides the number: webhooks then know only the user id. */
  hidesPhone: boolean;
  profileName: string;
}

export type HandsetStatus = 'accepted' | 'sent' | 'delivered' | 'read' | 'failed';

/** A message on the phone, seen from the customer: `received` from a business or `written` to it. */
export interface HandsetMessage {
  readonly wamid: string;
  readonly direction: 'received' | 'written';
  readonly phoneNumberId: string;
  readonly type: string;
  /** RFC 3339, the sandbox's clock. */
  readonly timestamp: string;
  status?: HandsetStatus;
  /** What is to be read on the screen: the text, a menu's body, a template's filled-in body, a caption. */
  readonly text?: string;
  readonly interactive?: JsonObject;
  readonly template?: JsonObject;
  readonly payload: JsonObject;
  /** What a template offers to tap: its definition has the texts, the message sent the payloads. */
  readonly quickReplies?: RenderedTemplate['quickReplies'];
}

/** What a tap on a button or row sends back. */
export type Tap =
  | { readonly kind: 'button_reply' | 'list_reply'; readonly reply: JsonObject; readonly context: string }
  | { readonly kind: 'quick_reply'; readonly payload: string; readonly text: string; readonly context: string };

/** A customer's phone. */
export class Handset {
  readonly behaviour: HandsetBehaviour;
  private readonly screen = new Newest<HandsetMessage>(MESSAGES_KEPT);
  private readonly lastWritten = new Map<string, number>();
  private readonly pairs = new Map<string, RateBucket>();
  private readonly userIds = new Map<string, string>();
  private readonly marketingStopped = new Set<string>();

  constructor(readonly waId: string) {
    this.behaviour = {
      delivers: true,
      reads: true,
      delayMs: 0,
      onWhatsApp: true,
      hidesPhone: false,
      profileName: `Customer ${waId.slice(-4)}`,
    };
  }

  /** The person's id for the businesses of one portfolio. */
  userId(portfolioId: string): string {
    let id = this.userIds.get(portfolioId);
    if (id === undefined) this.userIds.set(portfolioId, (id = businessScopedUserId(this.waId, portfolioId)));
    return id;
  }

  knownUserIds(): Iterable<string> {
    return this.userIds.values();
  }

  show(message: HandsetMessage): void {
    this.screen.push(message);
  }

  messages(): readonly HandsetMessage[] {
    return this.screen.all();
  }

  message(wamid: string): HandsetMessage | undefined {
    return this.screen.all().findLast((message) => message.wamid === wamid);
  }

  /** Opens or refreshes the customer service window with a number. */
  wroteTo(phoneNumberId: string, at: Date): void {
    this.lastWritten.set(phoneNumberId, at.getTime());
  }

  hasOpenWindowWith(phoneNumberId: string, at: Date): boolean {
    const last = this.lastWritten.get(phoneNumberId);
    return last !== undefined && at.getTime() - last < WINDOW_MS;
  }

  /** The person stops or resumes marketing messages from one number. */
  prefer(phoneNumberId: string, preference: 'stop' | 'resume'): void {
    if (preference === 'stop') this.marketingStopped.add(phoneNumberId);
    else this.marketingStopped.delete(phoneNumberId);
  }

  /** Whether marketing templates from the number fail with 131050 (F7). */
  hasStoppedMarketingFrom(phoneNumberId: string): boolean {
    return this.marketingStopped.has(phoneNumberId);
  }

  /** Counts a message from a number against the pair's rate. @returns false when it is one too many */
  takesOneFrom(phoneNumberId: string, at: Date): boolean {
    let pair = this.pairs.get(phoneNumberId);
    if (!pair) this.pairs.set(phoneNumberId, (pair = new RateBucket(PAIR_PER_SECOND, PAIR_BURST, at.getTime())));
    return pair.take(at.getTime());
  }

  /**
   * What tapping `id` sends: looked up in the message `context`, or in the newest one from the number that offers it.
   * A template's quick reply is found by its payload, by its text, or by its text written as a constant (PAY_TODAY).
   */
  tap(phoneNumberId: string, id: string, context?: string): Tap | undefined {
    for (const message of this.screen.all().toReversed()) {
      if (message.direction !== 'received' || message.phoneNumberId !== phoneNumberId) continue;
      if (context !== undefined && message.wamid !== context) continue;
      const tap = tapOn(message, id);
      if (tap) return tap;
    }
    return undefined;
  }
}

function tapOn(message: HandsetMessage, id: string): Tap | undefined {
  const context = message.wamid;
  const quickReply = message.quickReplies?.find(
    (reply) => reply.payload === id || reply.text === id || constantOf(reply.text) === id,
  );
  if (quickReply) return { kind: 'quick_reply', ...quickReply, context };
  const action = objectOf(message.interactive?.['action']);
  const button = arrayOf(action['buttons'])
    .map((one) => objectOf(objectOf(one)['reply']))
    .find((one) => one['id'] === id);
  if (button) return { kind: 'button_reply', reply: { id: button['id'], title: button['title'] }, context };
  const rows = arrayOf(action['sections']).flatMap((section) => arrayOf(objectOf(section)['rows']));
  const row = rows.map(objectOf).find((one) => one['id'] === id);
  if (!row) return undefined;
  const description = textOf(row['description']);
  const reply = { id: row['id'], title: row['title'], ...(description ? { description } : {}) };
  return { kind: 'list_reply', reply, context };
}

function constantOf(text: string): string {
  return text
    .toUpperCase()
    .replace(/[^A-Z0-9]+/g, '_')
    .replace(/^_|_$/g, '');
}

/** All phones, made on first use; the newest `historyLimit` of them. */
@Injectable()
export class Handsets {
  private readonly byNumber = new Map<string, Handset>();
  private readonly byUserId = new Map<string, Handset>();

  constructor(private readonly settings: SandboxSettings) {}

  get(waId: string): Handset {
    const known = this.byNumber.get(waId);
    if (known) return known;
    if (this.byNumber.size >= this.settings.historyLimit) this.forgetOldest();
    const handset = new Handset(waId);
    this.byNumber.set(waId, handset);
    return handset;
  }

  all(): Iterable<Handset> {
    return this.byNumber.values();
  }

  /** The person's id in a portfolio, from here on reachable by it. */
  userIdOf(handset: Handset, portfolioId: string): string {
    const id = handset.userId(portfolioId);
    if (!this.byUserId.has(id)) this.byUserId.set(id, handset);
    return id;
  }

  withUserId(userId: string): Handset | undefined {
    return this.byUserId.get(userId);
  }

  clear(): void {
    this.byNumber.clear();
    this.byUserId.clear();
  }

  private forgetOldest(): void {
    const oldest = this.byNumber.keys().next();
    if (oldest.done) return;
    for (const id of this.byNumber.get(oldest.value)?.knownUserIds() ?? []) this.byUserId.delete(id);
    this.byNumber.delete(oldest.value);
  }
}
