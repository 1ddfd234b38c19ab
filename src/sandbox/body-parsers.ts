import type { FastifyInstance } from 'fastify';
import { GraphError } from './graph-error.js';

const MULTIPART_LIMIT = 105 * 1024 * 1024;

/** A part of a form with a file in it. */
export interface UploadedFile {
  readonly name: string;
  readonly type: string;
  readonly bytes: Buffer;
}

/** What a multipart body becomes: fields as strings, files with their bytes. */
export type MultipartBody = Record<string, string | UploadedFile>;

/** Reads JSON (an empty body is an empty object, as Meta takes it), forms, and uploads. */
export function installBodyParsers(server: FastifyInstance): void {
  server.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) => {
    if (body === '') return done(null, {});
    try {
      done(null, JSON.parse(body as string));
    } catch {
      done(new MalformedBody('The request body is not valid JSON.'));
    }
  });
  server.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, done) => {
    done(null, Object.fromEntries(new URLSearchParams(body as string)));
  });
  server.addContentTypeParser(
    'multipart/form-data',
    { parseAs: 'buffer', bodyLimit: MULTIPART_LIMIT },
    (request, body, done) => {
      readMultipart(body as Buffer, request.headers['content-type'] ?? '').then(
        (parts) => done(null, parts),
        () => done(new MalformedBody('The multipart body cannot be read.')),
      );
    },
  );
}

class MalformedBody extends Error {
  readonly statusCode = 400;
}

async function readMultipart(body: Buffer, contentType: string): Promise<MultipartBody> {
  const form = await new Response(new Uint8Array(body), { headers: { 'content-type': contentType } }).formData();
  const parts: MultipartBody = {};
  for (const [name, value] of form.entries()) {
    parts[name] =
      typeof value === 'string'
        ? value
        : { name: value.name, type: value.type, bytes: Buffer.from(await value.arrayBuffer()) };
  }
  return parts;
}

/** The file of an upload. @throws GraphError 100 when there is none */
export function fileOf(body: unknown): UploadedFile {
  const file = (body as Partial<MultipartBody> | undefined)?.['file'];
  if (!file || typeof file === 'string') throw new GraphError(100, 'The parameter file is required.');
  return file;
}
