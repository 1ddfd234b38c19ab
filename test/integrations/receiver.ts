import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** What a receiver was told. */
export interface Heard {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly event: {
    readonly id: string;
    readonly type: string;
    readonly seq: number | null;
    readonly occurredAt: string;
    readonly data: Readonly<Record<string, unknown>>;
  };
}

type Answer = (response: ServerResponse, heard: Heard) => unknown;

const FINE: Answer = (response) => response.writeHead(204).end();

/** A system of a merchant's: a server on this machine that keeps what it hears, path by path, and answers as it is told to. */
export class Receiver {
  readonly heard: Heard[] = [];
  answer: Answer = FINE;
  readonly #server = createServer((request, response) => void this.#hear(request, response));
  origin = '';

  /** What it heard of a conversation, in the order in which it came: the `n` of each event. */
  numbersOf(conversationId: string): unknown[] {
    return this.heard
      .filter(({ event }) => event.data['conversationId'] === conversationId)
      .map(({ event }) => event.data['n']);
  }

  static async start(): Promise<Receiver> {
    const receiver = new Receiver();
    await new Promise<void>((resolve) => receiver.#server.listen(0, '127.0.0.1', resolve));
    receiver.origin = `http://127.0.0.1:${(receiver.#server.address() as AddressInfo).port}`;
    return receiver;
  }

  get url(): string {
    return `${this.origin}/hooks`;
  }

  get ids(): string[] {
    return this.heard.map(({ event }) => event.id);
  }

  /** As if newly built: nothing heard, all well. */
  reset(): void {
    this.heard.length = 0;
    this.answer = FINE;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #hear(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await text(request);
    const heard = { headers: request.headers, body, event: JSON.parse(body) as Heard['event'] };
    this.heard.push(heard);
    this.answer(response, heard);
  }
}
