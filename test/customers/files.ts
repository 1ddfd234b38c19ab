import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance, LightMyRequestResponse } from 'fastify';
import type { Inbox } from '../conversations/inbox.js';

/** A row's result, as an import answers it. */
export interface ResultBody {
  readonly line: number;
  readonly outcome: string;
  readonly customerId: string | null;
  readonly dueId: string | null;
  readonly due: string | null;
  readonly code?: string;
  readonly column?: string | null;
}

export interface ImportBody {
  readonly dryRun: boolean;
  readonly rows: number;
  readonly created: number;
  readonly updated: number;
  readonly unchanged: number;
  readonly refused: number;
  readonly duesAdded: number;
  readonly ignoredColumns: readonly string[];
  readonly results: readonly ResultBody[];
  readonly code: string;
}

/** A merchant who sends and fetches files. */
export class Files {
  constructor(
    private readonly inbox: Inbox,
    private readonly apiKey: string,
  ) {}

  async import(csv: string, query = ''): Promise<ImportBody> {
    const { status, body } = await this.send(csv, query);
    expect({ status, body }).toMatchObject({ status: 200 });
    return body;
  }

  async send(
    csv: string | Buffer,
    query = '',
    headers: Record<string, string> = {},
  ): Promise<{ status: number; body: ImportBody }> {
    const answer = await this.#server.inject({
      method: 'POST',
      url: `/v1/customers/import${query}`,
      headers: { authorization: `Bearer ${this.apiKey}`, 'content-type': 'text/csv', ...headers },
      payload: csv,
    });
    return { status: answer.statusCode, body: answer.json<ImportBody>() };
  }

  get(path: string): Promise<LightMyRequestResponse> {
    return this.#server.inject({ url: `/v1/${path}`, headers: { authorization: `Bearer ${this.apiKey}` } });
  }

  async export(): Promise<string> {
    const { statusCode, body } = await this.get('customers/export');
    expect(statusCode).toBe(200);
    return body.replace(/^\ufeff/, '');
  }

  get #server(): FastifyInstance {
    return this.inbox.get(HttpAdapterHost).httpAdapter.getInstance<FastifyInstance>();
  }
}

/** What became of the rows, without the ids that only the books give. */
export function outcomes({ results }: ImportBody): string[] {
  return results.map(({ outcome, due, code, column }) =>
    [outcome, due, code, column].filter((word) => word !== null && word !== undefined).join(' '),
  );
}
