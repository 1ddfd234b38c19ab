/**
 * What the demo plays and shows: seeds the merchant, lets a customer's phone say "hi" and tap the menu, and prints a line for each
 * message and status that a phone sees, also for those that you cause yourself. A client of the public API and of the sandbox.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { DEMO_MERCHANT, DEMO_NUMBER, seedDemoMerchant } from '../prisma/seed.ts';

const CUSTOMER = '919876543210';
const WATCH_EVERY_MS = 150;
const MINUTE_MS = 60_000;

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
  interactive?: {
    body?: { text?: string };
    header?: { text?: string };
    action?: { sections?: { rows?: { title: string }[] }[]; buttons?: { reply: { title: string } }[] };
    list_reply?: { title: string };
    button_reply?: { title: string };
  };
  template?: { name?: string };
}

/** Runs until `signal` aborts. */
export async function playDemo(
  addresses: Addresses,
  signal: AbortSignal,
  print: (line: string) => void,
): Promise<void> {
  await seedDemoMerchant(addresses.api, addresses.platformKey);
  print(`Log in as ${DEMO_MERCHANT.admin.email} with password ${DEMO_MERCHANT.admin.password}`);
  const watching = watchPhones(addresses.sandbox, signal, print);
  await say(addresses.sandbox, { text: 'hi' });
  const menu = await answered(addresses.sandbox, signal, (message) => message.type === 'interactive');
  if (menu) {
    await delay(800, undefined, { signal }).catch(() => undefined);
    await say(addresses.sandbox, { tap: 'CHECK_CURRENT_DUE', context: menu.wamid });
    await answered(
      addresses.sandbox,
      signal,
      (message, all) => message.type === 'text' && all.indexOf(message) > all.indexOf(menu),
    );
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

async function watchPhones(sandbox: string, signal: AbortSignal, print: (line: string) => void): Promise<void> {
  const shown = new Map<string, string | undefined>();
  while (!signal.aborted) {
    for (const phone of await phones(sandbox)) {
      for (const message of await messagesOf(sandbox, phone)) {
        const seen = shown.has(message.wamid);
        if (!seen && message.direction === 'written') print(`+${phone}  ${verb(message)}  ${what(message)}`);
        if (!seen && message.direction === 'received') print(`+${phone}  receives  ${what(message)}`);
        if (message.status && shown.get(message.wamid) !== message.status && message.direction === 'received')
          print(`+${phone}  ${message.status.padEnd(9)} ${what(message)}`);
        shown.set(message.wamid, message.status);
      }
    }
    await delay(WATCH_EVERY_MS, undefined, { signal }).catch(() => undefined);
  }
}

function verb(message: PhoneMessage): string {
  return message.type === 'text' ? 'writes  ' : 'taps    ';
}

function what({ text, interactive, template, type }: PhoneMessage): string {
  const title = interactive?.list_reply?.title ?? interactive?.button_reply?.title;
  const options = [
    ...(interactive?.action?.sections?.flatMap(({ rows }) => rows ?? []).map(({ title }) => title) ?? []),
    ...(interactive?.action?.buttons?.map(({ reply }) => reply.title) ?? []),
  ];
  const said = text ?? title ?? interactive?.body?.text ?? template?.name ?? `(${type})`;
  return `"${said}"${options.length > 0 ? `  [${options.join('] [')}]` : ''}`;
}

async function phones(sandbox: string): Promise<string[]> {
  return (await list<{ waId: string }>(`${sandbox}/sandbox/handsets`)).map(({ waId }) => waId);
}

function messagesOf(sandbox: string, phone: string): Promise<PhoneMessage[]> {
  return list<PhoneMessage>(`${sandbox}/sandbox/handsets/${phone}/messages`);
}

/** A sandbox that is stopping, or not there yet, has nothing to show. */
async function list<T>(url: string): Promise<T[]> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(5000) });
    return response.ok ? ((await response.json()) as { data: T[] }).data : [];
  } catch {
    return [];
  }
}
