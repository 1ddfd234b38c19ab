import { createHmac, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

export interface LoadResult {
  /** Answers of 200 a second. */
  readonly perSecond: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
  readonly refused: number;
}

/** A status webhook of 717 bytes or so, as Meta sends most: signed, and each unlike the others. */
export function statusWebhook(
  place: { wabaId: string; phoneNumberId: string },
  wamid: string,
  own: object = {},
): string {
  const status = {
    id: wamid,
    status: 'sent',
    timestamp: String(Math.floor(Date.now() / 1000)),
    recipient_id: '919876543210',
    recipient_user_id: 'IN.13491208655302741918',
    pricing: { billable: true, pricing_model: 'PMP', category: 'utility', type: 'regular' },
    ...own,
  };
  const contacts = [{ profile: { name: 'Customer 3210' }, wa_id: '919876543210', user_id: 'IN.13491208655302741918' }];
  const metadata = { display_phone_number: '15550783881', phone_number_id: place.phoneNumberId };
  const value = { messaging_product: 'whatsapp', metadata, contacts, statuses: [status] };
  return JSON.stringify({
    object: 'whatsapp_business_account',
    entry: [{ id: place.wabaId, changes: [{ value, field: 'messages' }] }],
  });
}

export function newWamid(): string {
  return `wamid.${randomBytes(42).toString('base64')}`;
}

/** The request as it goes over the wire: made before the clock runs, so that the generator costs little. */
export function signedRequest(body: string, secret: string): Buffer {
  const signature = createHmac('sha256', secret).update(body).digest('hex');
  const head = [
    'POST /whatsapp/webhook HTTP/1.1',
    'host: 127.0.0.1',
    'content-type: application/json',
    'user-agent: facebookexternalua',
    `x-hub-signature-256: sha256=${signature}`,
    `content-length: ${Buffer.byteLength(body)}`,
  ];
  return Buffer.from(`${head.join('\r\n')}\r\n\r\n${body}`);
}

/** Posts the requests over keep-alive connections, one at a time each, from the first to the last and again, for so long. */
export async function load(
  port: number,
  requests: readonly Buffer[],
  connections: number,
  milliseconds: number,
): Promise<LoadResult> {
  const latencies: number[] = [];
  let refused = 0;
  let next = 0;
  const end = performance.now() + milliseconds;
  const started = performance.now();
  await Promise.all(
    Array.from({ length: connections }, async () => {
      const socket = connect({ port, host: '127.0.0.1', noDelay: true });
      await once(socket, 'connect');
      while (performance.now() < end) {
        const sent = performance.now();
        socket.write(requests[next++ % requests.length]!);
        if ((await statusOf(socket)) === 200) latencies.push(performance.now() - sent);
        else refused++;
      }
      socket.destroy();
    }),
  );
  const seconds = (performance.now() - started) / 1000;
  latencies.sort((a, b) => a - b);
  const quantile = (q: number): number => latencies[Math.floor(latencies.length * q)] ?? Number.NaN;
  return { perSecond: latencies.length / seconds, p50: quantile(0.5), p99: quantile(0.99), refused };
}

/** Reads one answer: short, so that it comes in one piece or in few. */
function statusOf(socket: Socket): Promise<number> {
  let text = '';
  return new Promise((resolve, reject) => {
    const fail = (): void => reject(new Error('The server closed the connection'));
    const read = (chunk: Buffer): void => {
      text += chunk.toString('latin1');
      const head = text.indexOf('\r\n\r\n');
      if (head < 0) return;
      const length = Number(/content-length: (\d+)/i.exec(text)?.[1] ?? 0);
      if (text.length < head + 4 + length) return;
      socket.off('data', read).off('close', fail);
      resolve(Number(text.slice(9, 12)));
    };
    socket.on('data', read).once('close', fail);
  });
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
