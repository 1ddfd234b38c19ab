import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { Agent, request } from 'undici';
import { Config } from '../../../../platform/config/config.js';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';
import type { GraphAnswer } from './graph-client.js';

export interface FileForm {
  readonly bytes: Readable;
  readonly size: number;
  readonly mimeType: string;
  readonly filename: string;
  /** Further fields. */
  readonly fields: Readonly<Record<string, string>>;
}

const CONNECT_MS = 3_000;
const ANSWER_BYTES = 1_048_576;
/** Milliseconds for the answer, and for the bytes at the slowest line that is worth waiting for. */
const DEADLINE_MS = 30_000;
const SLOWEST_BYTES_PER_MS = 250;

/**
 * Puts files at the Graph API: a multipart form that is streamed, never held in memory, with its length told beforehand. Connections of its
 * own, so that long uploads take none from messages. Never throws for what the network or Meta does.
 */
@Injectable()
export class GraphFiles implements OnApplicationShutdown {
  readonly #agent = new Agent({ connections: 8, connect: { timeout: CONNECT_MS } });
  readonly #base: string;

  constructor(
    config: Config,
    private readonly unitOfWork: UnitOfWork,
  ) {
    this.#base = `${config.WHATSAPP_GRAPH_URL.replace(/\/$/, '')}/${config.WHATSAPP_API_VERSION}/`;
  }

  /** @param path as of `graphPath` */
  async post(path: string, form: FileForm, accessToken: string): Promise<GraphAnswer> {
    this.unitOfWork.forbidInside('An upload to the Graph API');
    const deadline = DEADLINE_MS + Math.ceil(form.size / SLOWEST_BYTES_PER_MS);
    const { boundary, head, tail } = framed(form);
    try {
      const { statusCode: status, body } = await request(`${this.#base}${path}`, {
        method: 'POST',
        dispatcher: this.#agent,
        signal: AbortSignal.timeout(deadline),
        headersTimeout: deadline,
        bodyTimeout: DEADLINE_MS,
        headers: {
          accept: 'application/json',
          authorization: `Bearer ${accessToken}`,
          'content-type': `multipart/form-data; boundary=${boundary}`,
          'content-length': String(head.length + form.size + tail.length),
        },
        body: Readable.from(parts(head, form.bytes, tail), { objectMode: false }),
      });
      const json = await readJson(body);
      return json === undefined
        ? { kind: 'lost', started: true, code: 'NO_JSON', status }
        : { kind: 'answered', status, json };
    } catch (error) {
      const { code, name } = error as { code?: unknown; name?: unknown };
      return {
        kind: 'lost',
        started: true,
        code: name === 'TimeoutError' ? 'DEADLINE' : typeof code === 'string' ? code : 'NETWORK_FAULT',
      };
    } finally {
      form.bytes.destroy();
    }
  }

  async onApplicationShutdown(): Promise<void> {
    await this.#agent.destroy();
  }
}

async function* parts(head: Buffer, bytes: Readable, tail: Buffer): AsyncGenerator<Buffer, void, void> {
  yield head;
  for await (const chunk of bytes) yield chunk as Buffer;
  yield tail;
}

function framed({ fields, filename, mimeType }: FileForm): { boundary: string; head: Buffer; tail: Buffer } {
  const boundary = randomUUID();
  const values = Object.entries(fields).map(
    ([name, value]) => `--${boundary}\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
  );
  const file = `--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="${quoted(filename)}"\r\ncontent-type: ${mimeType}\r\n\r\n`;
  return { boundary, head: Buffer.from(values.join('') + file), tail: Buffer.from(`\r\n--${boundary}--\r\n`) };
}

/** As browsers write names in forms: nothing can end the line or the quotes. */
function quoted(name: string): string {
  return name.replaceAll('"', '%22').replace(/[\r\n\0]/g, ' ');
}

async function readJson(body: Readable): Promise<unknown> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += (chunk as Buffer).length;
    if (size > ANSWER_BYTES) return undefined;
    chunks.push(chunk as Buffer);
  }
  try {
    const json: unknown = JSON.parse(Buffer.concat(chunks).toString('utf8'));
    return typeof json === 'object' && json !== null ? json : undefined;
  } catch {
    return undefined;
  }
}
