import { randomUUID } from 'node:crypto';
import { request } from 'undici';
import type { Config } from '../config/config.js';
import type { Finding } from './finding.js';

const WITHIN_MS = 5000;

/** Does what Meta does when a webhook is subscribed, and what a stranger would. */
export async function* examineWebhook(config: Config, address: string | undefined): AsyncGenerator<Finding> {
  const base = address ?? `http://${config.HOST === '0.0.0.0' ? '127.0.0.1' : config.HOST}:${config.PORT}`;
  if (!URL.canParse(base)) {
    yield { level: 'fail', about: 'webhook', says: `"${base}" is no address: give one like https://api.example.com` };
    return;
  }
  const webhook = new URL('/whatsapp/webhook', base);
  const challenge = randomUUID();
  try {
    const verified = await ask('GET', webhook, {
      'hub.mode': 'subscribe',
      'hub.verify_token': config.WHATSAPP_VERIFY_TOKEN,
      'hub.challenge': challenge,
    });
    const unsigned = await ask('POST', webhook, {});
    const verifies = verified.status === 200 && verified.body === challenge;
    yield verifies
      ? { level: 'ok', about: 'webhook', says: `${webhook.href} answers Meta's verification` }
      : {
          level: 'fail',
          about: 'webhook',
          says: `${webhook.href} answered ${verified.status} to Meta's verification: is it this application, with this WHATSAPP_VERIFY_TOKEN?`,
        };
    if (unsigned.status !== 401)
      yield {
        level: 'fail',
        about: 'webhook',
        says: `a webhook without a signature was answered ${unsigned.status}, not 401`,
      };
  } catch (error) {
    const says = `${webhook.href} cannot be reached (${error instanceof Error ? error.message : String(error)})`;
    yield address
      ? { level: 'fail', about: 'webhook', says }
      : {
          level: 'warn',
          about: 'webhook',
          says: `${says}. Start the application, or name its address: npm run doctor -- https://api.example.com`,
        };
  }
}

async function ask(
  method: 'GET' | 'POST',
  webhook: URL,
  query: Record<string, string>,
): Promise<{ status: number; body: string }> {
  const url = new URL(webhook);
  url.search = new URLSearchParams(query).toString();
  const options = {
    method,
    headersTimeout: WITHIN_MS,
    bodyTimeout: WITHIN_MS,
    signal: AbortSignal.timeout(WITHIN_MS),
  } as const;
  const { statusCode, body } = await request(
    url,
    method === 'POST' ? { ...options, body: '{}', headers: { 'content-type': 'application/json' } } : options,
  );
  return { status: statusCode, body: await body.text() };
}
