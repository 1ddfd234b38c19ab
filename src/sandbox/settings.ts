/** What may differ between two faithful stand-ins, because Meta's pages leave it open or changed it by version. */
export interface Switches {
  /** Statuses may reach the application before the answer of the send does (F13). */
  callbackBeforeAnswer: boolean;
  /** Whether a `failed` status carries `biz_opaque_callback_data`; Meta's pages do not say. */
  opaqueOnFailed: boolean;
  /** A free-form message outside the 24 h window: accepted and then `failed` with 131047, or refused in the answer. */
  windowClosed: 'status' | 'answer';
  /** Statuses carry the `conversation` object (webhooks up to v23.0). */
  conversationInStatuses: boolean;
  /** Prices by message, or by conversation as until 2025-06-30: one id a customer, number, category and 24 hours. */
  pricingModel: 'PMP' | 'CBP';
  /** HTTP status of a throttle; Meta's table says 400, other pages 429. */
  throttleStatus: 400 | 429;
  /** How many statuses one webhook may hold. */
  statusesPerWebhook: number;
  /** Whether per-number and per-pair rates are kept. */
  rates: 'kept' | 'unlimited';
  /** A message is read this long after it was delivered, in real milliseconds. */
  readAfterMs: number;
}

/** Everything that a sandbox needs to know before it starts. */
export class SandboxSettings {
  readonly port: number = 3001;
  readonly host: string = '127.0.0.1';
  /** Where webhooks are posted; loopback only. */
  readonly webhookUrl: string = 'http://127.0.0.1:3000/whatsapp/webhook';
  readonly appId: string = 'sandbox-app';
  readonly appSecret: string = 'sandbox-app-secret';
  readonly verifyToken: string = 'sandbox-verify-token';
  /** Messages a second that a number may send before 130429. */
  readonly messagesPerSecond: number = 80;
  /** How many ledger entries, webhooks and handsets are kept; the oldest go first. */
  readonly historyLimit: number = 100_000;
  readonly switches: Switches = {
    callbackBeforeAnswer: false,
    opaqueOnFailed: true,
    windowClosed: 'status',
    conversationInStatuses: true,
    pricingModel: 'PMP',
    throttleStatus: 400,
    statusesPerWebhook: 100,
    rates: 'kept',
    readAfterMs: 40,
  };

  /** @throws SandboxRefusal when an address is not loopback or a credential looks real */
  constructor(given: Partial<Omit<SandboxSettings, 'switches'>> & { switches?: Partial<Switches> } = {}) {
    const { switches, ...rest } = given;
    Object.assign(this, Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined)));
    Object.assign(this.switches, switches);
    if (!isLoopbackHost(this.host))
      throw new SandboxRefusal(`HOST is ${this.host}: the sandbox binds to loopback only`);
    requireLoopback(this.webhookUrl);
    for (const secret of [this.appSecret, this.verifyToken]) {
      if (looksReal(secret)) throw new SandboxRefusal('a credential looks like a real access token (EAA...)');
    }
  }
}

/** The sandbox will not start, or not post there: it must never meet the real world. */
export class SandboxRefusal extends Error {}

/** @throws SandboxRefusal when the address is not http(s) on this machine */
export function requireLoopback(address: string): URL {
  if (!URL.canParse(address)) throw new SandboxRefusal(`"${address}" is not a URL`);
  const url = new URL(address);
  if (!/^https?:$/.test(url.protocol) || !isLoopbackHost(url.hostname)) {
    throw new SandboxRefusal(`${url.origin} is not on this machine: the sandbox posts to loopback only`);
  }
  return url;
}

function isLoopbackHost(host: string): boolean {
  return host === 'localhost' || host === '::1' || host === '[::1]' || /^127(\.\d{1,3}){3}$/.test(host);
}

/** Meta's access tokens begin with EAA. */
export function looksReal(token: string): boolean {
  return /^EAA[A-Za-z0-9]/.test(token);
}

/** Reads the process environment of `npm run sandbox`. @throws SandboxRefusal */
export function settingsFromEnvironment(environment: NodeJS.ProcessEnv): SandboxSettings {
  return new SandboxSettings({
    port: wholeNumber(environment, 'SANDBOX_PORT'),
    webhookUrl: environment['SANDBOX_WEBHOOK_URL'],
    appId: environment['META_APP_ID'],
    appSecret: environment['META_APP_SECRET'],
    verifyToken: environment['WHATSAPP_VERIFY_TOKEN'],
    messagesPerSecond: wholeNumber(environment, 'SANDBOX_MESSAGES_PER_SECOND'),
  });
}

function wholeNumber(environment: NodeJS.ProcessEnv, name: string): number | undefined {
  const text = environment[name];
  if (text === undefined || text === '') return undefined;
  if (!/^\d{1,9}$/.test(text)) throw new SandboxRefusal(`${name} is "${text}": it must be a whole number`);
  return Number(text);
}
