/** A line for what customers do on their phones, and for each message to them as far as it has come. */
import { DEMO_MERCHANT } from '../prisma/seed.ts';
import type { DemoClient, PhoneMessage } from './demo-client.ts';

export interface SentMessage {
  messageId: string;
  to: string;
  wamid: string | null;
  status: string;
  createdAt: string;
  content: {
    type: string;
    body?: unknown;
    name?: string;
    sections?: { rows: { title: string }[] }[];
    buttons?: { title?: string }[];
  };
}

const ENDS = ['read', 'failed', 'cancelled', 'expired'];

export class Watch {
  readonly #client: DemoClient;
  readonly #print: (line: string) => void;
  readonly #written = new Set<string>();
  readonly #told = new Map<string, string>();

  private constructor(client: DemoClient, print: (line: string) => void) {
    this.#client = client;
    this.#print = print;
  }

  /** What happened before is not told. */
  static async begin(client: DemoClient, print: (line: string) => void): Promise<Watch> {
    const watch = new Watch(client, print);
    for (const { messageId } of await watch.#sent()) watch.#told.set(messageId, 'read');
    for (const phone of await client.phones())
      for (const { wamid } of await client.screen(phone)) watch.#written.add(wamid);
    return watch;
  }

  /** Tells what is new since the last look, in the order of its time. */
  async look(): Promise<void> {
    const lines: { at: string; line: string }[] = [];
    const onScreens = new Map<string, PhoneMessage>();
    for (const phone of await this.#client.phones()) {
      for (const message of await this.#client.screen(phone)) {
        onScreens.set(message.wamid, message);
        if (message.direction !== 'written' || this.#written.has(message.wamid)) continue;
        this.#written.add(message.wamid);
        const does = message.type === 'text' ? 'writes' : 'taps';
        lines.push({ at: message.timestamp, line: tellOf(`+${phone}`, does, whatWasWritten(message)) });
      }
    }
    for (const message of (await this.#sent()).reverse()) {
      const { messageId, status, to, wamid, createdAt } = message;
      const told = this.#told.get(messageId);
      if (told === status || (told !== undefined && ENDS.includes(told))) continue;
      this.#told.set(messageId, status);
      const shown = wamid === null ? undefined : onScreens.get(wamid);
      lines.push({ at: createdAt, line: tellOf(to, status, whatWasSent(message, shown)) });
    }
    lines.sort((a, b) => a.at.localeCompare(b.at));
    for (const { at, line } of lines) this.#print(`${stamp(new Date(at))}  ${line}`);
  }

  #sent(): Promise<SentMessage[]> {
    return this.#client.list<SentMessage>('/v1/messages?limit=50');
  }
}

/** `Tue 24 Nov 09:00`, by the merchant's clock. */
export function stamp(instant: Date): string {
  return STAMP.format(instant).replaceAll(',', '');
}

const STAMP = new Intl.DateTimeFormat('en-GB', {
  timeZone: DEMO_MERCHANT.timezone,
  weekday: 'short',
  day: '2-digit',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
});

function tellOf(phone: string, does: string, what: string): string {
  return `${phone}  ${does.padEnd(9)} ${what}`;
}

function whatWasSent({ content: { body, name, type, sections, buttons } }: SentMessage, shown?: PhoneMessage): string {
  const words = shown?.text ?? (typeof body === 'string' ? body : undefined) ?? name ?? type;
  const offers = [
    ...(sections ?? []).flatMap(({ rows }) => rows.map(({ title }) => title)),
    ...(shown?.quickReplies ?? []).map(({ text }) => text),
    ...(buttons ?? []).flatMap(({ title }) => title ?? []),
  ];
  return `"${words.replaceAll(/\s*\n\s*/g, ' / ')}"${offers.map((offer) => `  [${offer}]`).join('')}`;
}

function whatWasWritten({ text, interactive, payload, type }: PhoneMessage): string {
  return `"${text ?? interactive?.list_reply?.title ?? interactive?.button_reply?.title ?? payload?.button?.text ?? type}"`;
}
