/**
 * What the demo plays and shows: seeds the merchant, lets a customer's phone say "hi" and tap the menu, and prints a line for each
 * message and status that a phone sees, also for those that you cause yourself. A client of the public API and of the sandbox.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { DEMO_MERCHANT, DEMO_NUMBER, logInDemoMerchant, seedDemoMerchant } from '../prisma/seed.ts';

const CUSTOMER = '919876543210';
const WATCH_EVERY_MS = 150;
/** So that a person can follow. */
const BREATH_MS = 1000;
const MINUTE_MS = 60_000;
/** Before the access token ends. */
const LOG_IN_AGAIN_MS = 10 * MINUTE_MS;
/** More than any message has; a message that got there is not asked for again. */
const LAST_STATUS = 1000;

export interface Addresses {
  api: string;
  sandbox: string;
  platformKey: string;
}

interface PhoneMessage {
  wamid: string;
  direction: 'received' | 'written';
  type: string;
  status?: string;
  text?: string;
  interactive?: { list_reply?: { title: string }; button_reply?: { title: string } };
}

interface SentMessage {
  to: string;
  wamid: string | null;
  statuses: { status: string }[];
  content: {
    type: string;
    body?: string;
    name?: string;
    sections?: { rows: { title: string }[] }[];
    buttons?: { title: string }[];
  };
}

/** Runs until `signal` aborts. */
export async function playDemo(
  addresses: Addresses,
  signal: AbortSignal,
  print: (line: string) => void,
): Promise<void> {
  await seedDemoMerchant(addresses.api, addresses.platformKey);
  print(`Log in as ${DEMO_MERCHANT.admin.email} with password ${DEMO_MERCHANT.admin.password}`);
  const token = await logInDemoMerchant(addresses.api);
  const earlier = await list<{ messageId: string }>(`${addresses.api}/v1/messages?limit=50`, token);
  const watching = watch(addresses, new Set(earlier.map(({ messageId }) => messageId)), signal, print);
  await say(addresses.sandbox, { text: 'hi' });
  const menu = await answered(addresses.sandbox, signal, (message) => message.type === 'interactive');
  if (menu) {
    await delay(BREATH_MS, undefined, { signal }).catch(() => undefined);
    await say(addresses.sandbox, { tap: 'CHECK_CURRENT_DUE', context: menu.wamid });
    await answered(
      addresses.sandbox,
      signal,
      (message, all) => message.type === 'text' && all.indexOf(message) > all.indexOf(menu),
    );
    await delay(BREATH_MS, undefined, { signal }).catch(() => undefined);
    print('Your turn: write to the merchant as any customer, for example');
    print(
      `  curl -s ${addresses.sandbox}/sandbox/handsets/${CUSTOMER}/messages -H 'content-type: application/json' -d '{"phoneNumberId":"${DEMO_NUMBER.phoneNumberId}","text":"hi"}'`,
    );
  }
  await watching;
}

async function say(sandbox: string, act: Record<string, string>): Promise<void> {
  const response = await fetch(`${sandbox}/sandbox/handsets/${CUSTOMER}/messages`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ phoneNumberId: DEMO_NUMBER.phoneNumberId, ...act }),
  });
  if (!response.ok)
    throw new Error(`The sandbox refused ${JSON.stringify(act)}: ${response.status} ${await response.text()}`);
}

/** The first message that the customer's phone received since this call and that the customer waits for; undefined after a minute. */
async function answered(
  sandbox: string,
  signal: AbortSignal,
  wanted: (message: PhoneMessage, all: PhoneMessage[]) => boolean,
): Promise<PhoneMessage | undefined> {
  const written = (await messagesOf(sandbox, CUSTOMER)).filter(({ direction }) => direction === 'written').at(-1);
  const deadline = performance.now() + MINUTE_MS;
  while (!signal.aborted && performance.now() < deadline) {
    const all = await messagesOf(sandbox, CUSTOMER);
    const since = all.slice(all.findIndex(({ wamid }) => wamid === written?.wamid) + 1);
    const found = since.find(
      (message) => message.direction === 'received' && message.status === 'read' && wanted(message, all),
    );
    if (found) return found;
    await delay(WATCH_EVERY_MS);
  }
  return undefined;
}

/** What customers do, as their phones show it, and what becomes of each message to them, as the API tells it. */
async function watch(
  { api, sandbox }: Addresses,
  earlier: ReadonlySet<string>,
  signal: AbortSignal,
  print: (line: string) => void,
): Promise<void> {
  const written = new Set<string>();
  const told = new Map([...earlier].map((messageId) => [messageId, LAST_STATUS + 1]));
  let token = await logInDemoMerchant(api);
  let loggedInAt = performance.now();
  while (!signal.aborted) {
    if (performance.now() - loggedInAt > LOG_IN_AGAIN_MS) {
      token = await logInDemoMerchant(api);
      loggedInAt = performance.now();
    }
    for (const phone of await phones(sandbox)) {
      const fresh = (await messagesOf(sandbox, phone)).filter(
        ({ wamid, direction }) => direction === 'written' && !written.has(wamid),
      );
      for (const message of fresh) {
        written.add(message.wamid);
        print(`+${phone}  ${message.type === 'text' ? 'writes   ' : 'taps     '} ${whatWasWritten(message)}`);
      }
    }
    for (const { messageId } of (
      await list<{ messageId: string; status: string }>(`${api}/v1/messages?limit=50`, token)
    ).reverse()) {
      if ((told.get(messageId) ?? 0) > LAST_STATUS) continue;
      const message = await ask<SentMessage>(`${api}/v1/messages/${messageId}`, token);
      const steps = message ? stepsOf(message) : [];
      for (const step of steps.slice(told.get(messageId) ?? 0))
        print(`${message!.to}  ${step.padEnd(9)} ${whatWasSent(message!)}`);
      told.set(messageId, steps.includes('read') || steps.includes('failed') ? LAST_STATUS + 1 : steps.length);
    }
    await delay(WATCH_EVERY_MS, undefined, { signal }).catch(() => undefined);
  }
}

/** `queued`, `accepted`, then each status that WhatsApp reported. */
function stepsOf({ wamid, statuses }: SentMessage): string[] {
  return ['queued', ...(wamid ? ['accepted'] : []), ...statuses.map(({ status }) => status)];
}

function whatWasSent({ content: { body, name, type, sections, buttons } }: SentMessage): string {
  const options = [...(sections ?? []).flatMap(({ rows }) => rows), ...(buttons ?? [])].map(
    ({ title }) => `  [${title}]`,
  );
  return `"${body ?? name ?? type}"${options.join('')}`;
}

function whatWasWritten({ text, interactive, type }: PhoneMessage): string {
  return `"${text ?? interactive?.list_reply?.title ?? interactive?.button_reply?.title ?? type}"`;
}

async function phones(sandbox: string): Promise<string[]> {
  return (await list<{ waId: string }>(`${sandbox}/sandbox/handsets`)).map(({ waId }) => waId);
}

function messagesOf(sandbox: string, phone: string): Promise<PhoneMessage[]> {
  return list<PhoneMessage>(`${sandbox}/sandbox/handsets/${phone}/messages`);
}

async function list<T>(url: string, token?: string): Promise<T[]> {
  return (await ask<{ data: T[] }>(url, token))?.data ?? [];
}

/** A server that is stopping, or not there yet, has nothing to show. */
async function ask<T>(url: string, token?: string): Promise<T | undefined> {
  try {
    const response = await fetch(url, {
      signal: AbortSignal.timeout(5000),
      ...(token ? { headers: { authorization: `Bearer ${token}` } } : {}),
    });
    return response.ok ? ((await response.json()) as T) : undefined;
  } catch {
    return undefined;
  }
}
