import type { OpenAPIObject } from '@nestjs/swagger';
import { createHash } from 'node:crypto';
import { operationsOf } from './openapi-conventions.js';

type Schema = Readonly<Record<string, unknown>>;
type Operation = ReturnType<typeof operationsOf>[number][1];

const DEPTH = 6;

/** A Postman collection (v2.1) of the document: a folder a tag, a request an operation, bodies filled with examples. */
export function postmanCollection(document: OpenAPIObject): object {
  const requests = Object.entries(document.paths).flatMap(([path, item]) =>
    operationsOf(item).map(([method, operation]) => ({
      tag: operation.tags?.[0] ?? 'Other',
      request: request(document, path, method, operation),
    })),
  );
  const tags = [...new Set(requests.map(({ tag }) => tag))].sort();
  return {
    info: {
      name: document.info.title,
      // Postman tells collections apart by it; the same document is the same collection.
      _postman_id: uuidOf(document.info.title),
      description: document.info.description,
      schema: 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json',
    },
    auth: { type: 'bearer', bearer: [{ key: 'token', value: '{{token}}', type: 'string' }] },
    variable: [
      { key: 'baseUrl', value: document.servers?.[0]?.url ?? '' },
      { key: 'token', value: '' },
    ],
    item: tags.map((tag) => ({
      name: tag,
      item: requests.filter((each) => each.tag === tag).map((each) => each.request),
    })),
  };
}

function request(document: OpenAPIObject, path: string, method: string, operation: Operation): object {
  const parameters = (operation.parameters ?? []).flatMap((parameter) => ('name' in parameter ? [parameter] : []));
  const body = bodyOf(document, operation);
  const segments = path
    .split('/')
    .slice(1)
    .map((segment) => segment.replace(/^\{(.+)\}$/, ':$1'));
  return {
    name: operation.summary ?? `${method.toUpperCase()} ${path}`,
    request: {
      method: method.toUpperCase(),
      ...((operation.security?.length ?? 0) === 0 && { auth: { type: 'noauth' } }),
      header: [
        ...(body === undefined ? [] : [{ key: 'Content-Type', value: 'application/json' }]),
        ...parameters
          .filter((parameter) => parameter.in === 'header')
          .map(({ name, description }) => ({ key: name, value: '', description, disabled: true })),
      ],
      url: {
        raw: `{{baseUrl}}/${segments.join('/')}`,
        host: ['{{baseUrl}}'],
        path: segments,
        query: parameters
          .filter((parameter) => parameter.in === 'query')
          .map(({ name, description, required }) => ({ key: name, value: '', description, disabled: !required })),
        variable: parameters
          .filter((parameter) => parameter.in === 'path')
          .map(({ name, description }) => ({ key: name, value: '', description })),
      },
      ...(body === undefined
        ? {}
        : { body: { mode: 'raw', raw: JSON.stringify(body, null, 2), options: { raw: { language: 'json' } } } }),
    },
  };
}

function bodyOf(document: OpenAPIObject, { requestBody }: Operation): unknown {
  if (!requestBody || !('content' in requestBody)) return undefined;
  const schema = requestBody.content['application/json']?.schema;
  return schema && exampleOf(document, schema as Schema, DEPTH);
}

/** A value that the schema allows, good enough to be edited by a person. */
function exampleOf(document: OpenAPIObject, schema: Schema, depth: number): unknown {
  if (depth === 0) return null;
  if (typeof schema['$ref'] === 'string')
    return exampleOf(
      document,
      (document.components?.schemas?.[schema['$ref'].split('/').at(-1) ?? ''] ?? {}) as Schema,
      depth - 1,
    );
  for (const given of [
    schema['example'],
    (schema['examples'] as unknown[] | undefined)?.[0],
    schema['default'],
    (schema['enum'] as unknown[] | undefined)?.[0],
  ])
    if (given !== undefined) return given;
  const choice = [schema['oneOf'], schema['anyOf'], schema['allOf']].find(Array.isArray) as Schema[] | undefined;
  if (choice?.[0]) return exampleOf(document, choice[0], depth - 1);
  const type: unknown = Array.isArray(schema['type']) ? schema['type'][0] : schema['type'];
  if (type === 'array') return [exampleOf(document, (schema['items'] ?? {}) as Schema, depth - 1)];
  if (type === 'integer' || type === 'number') return schema['minimum'] ?? 1;
  if (type === 'boolean') return true;
  if (type === 'string') return STRINGS[String(schema['format'])] ?? 'text';
  return Object.fromEntries(
    Object.entries((schema['properties'] ?? {}) as Record<string, Schema>).map(([name, member]) => [
      name,
      exampleOf(document, member, depth - 1),
    ]),
  );
}

const STRINGS: Record<string, string> = {
  'date-time': '2026-11-21T09:00:00Z',
  date: '2026-11-21',
  email: 'name@example.com',
  uri: 'https://example.com',
  uuid: '01932f3c-7f1e-7a3b-8c1d-123456789012',
};

function uuidOf(name: string): string {
  return createHash('sha256')
    .update(name)
    .digest('hex')
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5');
}
