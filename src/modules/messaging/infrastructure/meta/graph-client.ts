import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { type Dispatcher, Pool } from 'undici';
import { Config } from '../../../../platform/config/config.js';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';

export interface GraphRequest {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Below the version, e.g. `106540352242922/messages`; ids from outside go through `graphPath`. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Left out only where Meta takes the app's own credentials in the query. */
  readonly accessToken?: string;
}

/** No connection came free within half the deadline: our own crowd, nothing about the provider. Not begun, lest no time is left for the answer. */
export const NO_FREE_CONNECTION = 'NO_FREE_CONNECTION';

/** What came of one request. `started`: some of it may have been written to a socket, so that it may have arrived. */
export type GraphAnswer =
  | { readonly kind: 'answered'; readonly status: number; readonly json: unknown }
  | { readonly kind: 'lost'; readonly started: boolean; readonly code: string; readonly status?: number };

/** How the client waits; tests put shorter ones. Milliseconds. */
export class GraphTimes {
  readonly deadline: number = 10_000;
  readonly connect: number = 3_000;
}

/** Twice what one number has on the wire at most: a number that Meta answers slowly leaves room for the others (F28). */
const CONNECTIONS = 128;
const ANSWER_BYTES = 1_048_576;

/**
 * Asks the Graph API, once a call: no retries and no redirects (an answer that moves elsewhere must not take the token along),
 * one deadline over waiting for a connection, sending and answering. Never throws for what the network or Meta does.
 */
@Injectable()
export class GraphClient implements OnApplicationShutdown {
  readonly #pool: Pool;
  readonly #base: string;

  constructor(
    config: Config,
    private readonly times: GraphTimes,
    private readonly unitOfWork: UnitOfWork,
  ) {
    const url = new URL(config.WHATSAPP_GRAPH_URL);
    this.#base = `${url.pathname.replace(/\/$/, '')}/${config.WHATSAPP_API_VERSION}/`;
    this.#pool = new Pool(url.origin, {
      connections: CONNECTIONS,
      pipelining: 1,
      connect: { timeout: times.connect },
      headersTimeout: times.deadline,
      bodyTimeout: times.deadline,
    });
  }

  request({ method, path, query, body, accessToken }: GraphRequest): Promise<GraphAnswer> {
    this.unitOfWork.forbidInside('A request to the Graph API');
    return new Promise((resolve) => {
      const exchange = new Exchange(resolve, this.times.deadline);
      this.#pool.dispatch(
        {
          method,
          path: `${this.#base}${path}${query ? `?${new URLSearchParams(query).toString()}` : ''}`,
          headers: {
            accept: 'application/json',
            ...(accessToken === undefined ? {} : { authorization: `Bearer ${accessToken}` }),
            ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          },
          body: body === undefined ? null : JSON.stringify(body),
        },
        exchange,
      );
    });
  }

  async onApplicationShutdown(): Promise<void> {
    await this.#pool.destroy();
  }
}

/** A path of the Graph API; ids that came from outside cannot leave their segment. */
export function graphPath(...segments: readonly string[]): string {
  return segments.map((segment) => encodeURIComponent(segment).replaceAll('.', '%2E')).join('/');
}

/**
 * One request on its way. Written against undici's dispatch, not `request`, because only here is it known whether the request
 * was given to a socket: a fault before that is certainly "not sent", whatever its error code says (reliability M16).
 */
class Exchange implements Dispatcher.DispatchHandler {
  #timer: NodeJS.Timeout;
  readonly #chunks: Buffer[] = [];
  #controller: Dispatcher.DispatchController | undefined;
  #started = false;
  #size = 0;
  #status = 0;
  #settled = false;

  constructor(
    private readonly resolve: (answer: GraphAnswer) => void,
    private readonly deadline: number,
  ) {
    this.#timer = setTimeout(() => this.#halfTime(), deadline / 2);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    // Too late: it waited for a free connection too long. Aborted here, it is never written.
    if (this.#settled) return controller.abort(new Error(NO_FREE_CONNECTION));
    this.#controller = controller;
    this.#started = true;
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number): void {
    this.#status = status;
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#size += chunk.length;
    if (this.#size > ANSWER_BYTES) this.#giveUp('ANSWER_TOO_LARGE');
    else this.#chunks.push(chunk);
  }

  onResponseEnd(): void {
    const json = parsed(Buffer.concat(this.#chunks).toString('utf8'));
    this.#settle(
      json === undefined
        ? { kind: 'lost', started: true, code: 'NO_JSON', status: this.#status }
        : { kind: 'answered', status: this.#status, json },
    );
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#settle({
      kind: 'lost',
      started: this.#started,
      code: faultCode(error),
      ...(this.#status === 0 ? {} : { status: this.#status }),
    });
  }

  #halfTime(): void {
    if (!this.#started) this.#giveUp(NO_FREE_CONNECTION);
    else this.#timer = setTimeout(() => this.#giveUp('DEADLINE'), this.deadline / 2);
  }

  #giveUp(code: string): void {
    this.#settle({
      kind: 'lost',
      started: this.#started,
      code,
      ...(this.#status === 0 ? {} : { status: this.#status }),
    });
    this.#controller?.abort(new Error(code));
  }

  #settle(answer: GraphAnswer): void {
    if (this.#settled) return;
    this.#settled = true;
    clearTimeout(this.#timer);
    this.resolve(answer);
  }
}

/** An object or a list; Graph answers with nothing else. */
function parsed(text: string): unknown {
  try {
    const json: unknown = JSON.parse(text);
    return typeof json === 'object' && json !== null ? json : undefined;
  } catch {
    return undefined;
  }
}

/** The code of a network fault, wherever it hides; several addresses of a host fail as one error with several `errors`. */
function faultCode(error: Error): string {
  let current: unknown = error;
  for (let depth = 0; typeof current === 'object' && current !== null && depth < 5; depth++) {
    const { code, errors, cause } = current as { code?: unknown; errors?: unknown; cause?: unknown };
    if (typeof code === 'string') return code;
    current = Array.isArray(errors) ? errors[0] : cause;
  }
  return 'NETWORK_FAULT';
}
