import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { request } from 'undici';
import { type RunningSandbox, type SandboxOptions, startSandbox } from '../../src/sandbox/start-sandbox.js';

/** A webhook as the application received it. */
export interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export type JsonObject = Record<string, any>; // eslint-disable-line @typescript-eslint/no-explicit-any -- tests look into answers freely

/** A tiny HTTP server in the application's place: keeps every webhook and answers as it is told. */
export class ApplicationStandIn {
  readonly received: Received[] = [];
  /** Statuses for the next webhooks; 200 when it is empty. */
  readonly answers: number[] = [];
  /** While it is set, webhooks are received and answered only when it resolves. */
  answersAfter: Promise<void> | undefined;
  private readonly server: Server;

  constructor() {
    this.server = createServer((incoming, answer) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('end', () => {
        const url = new URL(incoming.url ?? '/', 'http://127.0.0.1');
        if (incoming.method === 'GET') return void answer.end(url.searchParams.get('hub.challenge') ?? '');
        this.received.push({ headers: incoming.headers, body: Buffer.concat(chunks).toString('utf8') });
        answer.statusCode = this.answers.shift() ?? 200;
        void Promise.resolve(this.answersAfter).then(() => answer.end());
      });
    });
  }

  async listen(): Promise<string> {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/whatsapp/webhook`;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }

  /** Every `value` received so far, in order of arrival. */
  values(): JsonObject[] {
    return this.received.flatMap(({ body }) =>
      (JSON.parse(body) as JsonObject)['entry'].flatMap((entry: JsonObject) =>
        entry['changes'].map((change: JsonObject) => change['value']),
      ),
    );
  }

  messages(): JsonObject[] {
    return this.values().flatMap((value) => value['messages'] ?? []);
  }

  statuses(wamid?: string): JsonObject[] {
    const all = this.values().flatMap((value) => value['statuses'] ?? []) as JsonObject[];
    return wamid === undefined ? all : all.filter((status) => status['id'] === wamid);
  }
}

/** A sandbox, the application it talks to, and short words for what tests do with it. */
export class Stage {
  private constructor(
    readonly sandbox: RunningSandbox,
    readonly application: ApplicationStandIn,
  ) {}

  static async open(options: SandboxOptions = {}): Promise<Stage> {
    const application = new ApplicationStandIn();
    const webhookUrl = await application.listen();
    return new Stage(await startSandbox({ port: 0, webhookUrl, appSecret: 'test-secret', ...options }), application);
  }

  async close(): Promise<void> {
    await this.sandbox.close();
    await this.application.close();
  }

  async call(
    method: string,
    path: string,
    body?: unknown,
    token = 'mock_token',
  ): Promise<{ status: number; body: JsonObject }> {
    const answer = await request(`${this.sandbox.url}${path}`, {
      method: method as 'GET',
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.body.text();
    return { status: answer.statusCode, body: text === '' ? {} : (JSON.parse(text) as JsonObject) };
  }

  send(message: object, phoneNumberId = '1001', token?: string): Promise<{ status: number; body: JsonObject }> {
    return this.call('POST', `/v24.0/${phoneNumberId}/messages`, { messaging_product: 'whatsapp', ...message }, token);
  }

  text(to: string, body = 'Hello', more: object = {}): Promise<{ status: number; body: JsonObject }> {
    return this.send({ to, type: 'text', text: { body }, ...more });
  }

  /** The customer acts; opens the 24 h window as a side effect. */
  async act(waId: string, act: object, phoneNumberId = '1001'): Promise<JsonObject> {
    const { body, status } = await this.call('POST', `/sandbox/handsets/${waId}/messages`, { phoneNumberId, ...act });
    if (status !== 201) throw new Error(`The handset refused: ${JSON.stringify(body)}`);
    return body;
  }

  async ledger(query = ''): Promise<JsonObject[]> {
    return (await this.call('GET', `/sandbox/ledger${query}`)).body['data'];
  }

  async screen(waId: string): Promise<JsonObject[]> {
    return (await this.call('GET', `/sandbox/handsets/${waId}/messages`)).body['data'];
  }

  async fault(...faults: object[]): Promise<void> {
    const { status, body } = await this.call('POST', '/sandbox/faults', faults);
    if (status !== 201) throw new Error(JSON.stringify(body));
  }
}

/** Waits until `condition` gives something, at most `withinMs`. */
export async function eventually<T>(
  what: string,
  condition: () => T | undefined | false | Promise<T | undefined | false>,
  withinMs = 10_000,
): Promise<T> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    const found = await condition();
    if (found) return found;
    if (performance.now() > deadline) throw new Error(`${what}: did not happen within ${withinMs} ms`);
    await pause(10);
  }
}
