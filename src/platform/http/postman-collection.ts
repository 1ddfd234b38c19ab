import type { OpenAPIObject } from '@nestjs/swagger';
import { createHash } from 'node:crypto';
import { operationsOf } from './openapi-conventions.js';

type Schema = Readonly<Record<string, unknown>>;
type Operation = ReturnType<typeof operationsOf>[number][1];

const DEPTH = 6;

/** A Postman collection (v2.1) of the document: a folder a tag, a request an operation, or one for each example that it gives. */
export function postmanCollection(document: OpenAPIObject): object {
  const requests = Object.entries(document.paths).flatMap(([path, item]) =>
    operationsOf(item).flatMap(([method, operation]) =>
      bodiesOf(document, operation).map((body) => ({
        tag: operation.tags?.[0] ?? 'Other',
        request: request(path, method, operation, body),
      })),
    ),
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
      {
        key: 'token',
        value: '',
        description: 'An access token, an API key or the platform key; a log-in fills it in.',
      },
      { key: 'tenantId', value: '', description: 'With the platform key: the merchant to work for.' },
      { key: 'appSecret', value: '', description: 'META_APP_SECRET: signs what is sent to the webhook.' },
      { key: 'verifyToken', value: '', description: 'WHATSAPP_VERIFY_TOKEN.' },
    ],
    item: tags.map((tag) => ({
      name: tag,
      item: requests.filter((each) => each.tag === tag).map((each) => each.request),
    })),
  };
}

function request(path: string, method: string, operation: Operation, body: Body): object {
  const parameters = (operation.parameters ?? []).flatMap((parameter) => ('name' in parameter ? [parameter] : []));
  const segments = path
    .split('/')
    .slice(1)
    .map((segment) => segment.replace(/^\{(.+)\}$/, ':$1'));
  const script = SCRIPTS[operation.operationId ?? ''];
  const name = operation.summary ?? `${method.toUpperCase()} ${path}`;
  return {
    name: body.name === undefined ? name : `${name}: ${body.name}`,
    ...(script && { event: [{ listen: script.listen, script: { type: 'text/javascript', exec: script.lines } }] }),
    request: {
      method: method.toUpperCase(),
      ...((operation.security?.length ?? 0) === 0 && { auth: { type: 'noauth' } }),
      header: [
        ...(body.value === undefined ? [] : [{ key: 'Content-Type', value: 'application/json' }]),
        ...parameters
          .filter((parameter) => parameter.in === 'header')
          .map(({ name: key, description, required = false }) => ({
            ...{ key, value: HEADERS[key] ?? '', description, disabled: !required },
          })),
      ],
      url: {
        raw: `{{baseUrl}}/${segments.join('/')}`,
        host: ['{{baseUrl}}'],
        path: segments,
        query: parameters
          .filter((parameter) => parameter.in === 'query')
          .map(({ name: key, description, required, example }) => ({
            ...{ key, value: typeof example === 'string' ? example : '', description, disabled: !required },
          })),
        variable: parameters
          .filter((parameter) => parameter.in === 'path')
          .map(({ name: key, description }) => ({ key, value: '', description })),
      },
      ...(body.value === undefined
        ? {}
        : { body: { mode: 'raw', raw: JSON.stringify(body.value, null, 2), options: { raw: { language: 'json' } } } }),
    },
  };
}

/** What headers hold, where a variable of the collection knows it. */
const HEADERS: Record<string, string> = {
  'X-Tenant-Id': '{{tenantId}}',
  'Idempotency-Key': '{{$guid}}',
  'X-Hub-Signature-256': 'sha256={{signature}}',
};

const SCRIPTS: Record<string, { readonly listen: 'prerequest' | 'test'; readonly lines: readonly string[] }> = {
  'auth.logIn': {
    listen: 'test',
    lines: ["if (pm.response.code < 300) pm.collectionVariables.set('token', pm.response.json().accessToken);"],
  },
  'webhook.receive': {
    listen: 'prerequest',
    lines: [
      "const secret = pm.collectionVariables.get('appSecret');",
      "pm.variables.set('signature', CryptoJS.HmacSHA256(pm.request.body.raw, secret).toString(CryptoJS.enc.Hex));",
    ],
  },
};

interface Body {
  /** Of the example, where the operation has several. */
  readonly name?: string;
  readonly value?: unknown;
}

/** One for each example that the operation gives; else one that is made of the schema, or none. */
function bodiesOf(document: OpenAPIObject, { requestBody }: Operation): readonly Body[] {
  if (!requestBody || !('content' in requestBody)) return [{}];
  const { schema, examples } = requestBody.content['application/json'] ?? {};
  const given = Object.entries(examples ?? {}).flatMap(([name, example]) =>
    'value' in example ? [{ name: example.summary ?? name, value: example.value as unknown }] : [],
  );
  if (given.length > 0) return given;
  return [schema ? { value: exampleOf(document, schema as Schema, DEPTH) } : {}];
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
