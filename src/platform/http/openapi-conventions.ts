import type { OpenAPIObject } from '@nestjs/swagger';

type PathItem = OpenAPIObject['paths'][string];
type Operation = NonNullable<PathItem['get']>;

const METHODS = ['get', 'put', 'post', 'patch', 'delete'] as const;

const PROBLEM = {
  type: 'object',
  required: ['type', 'title', 'status', 'detail', 'code', 'requestId'],
  properties: {
    type: { type: 'string', format: 'uri', examples: ['urn:nodue:problem:invalid-request'] },
    title: { type: 'string', examples: ['Bad Request'] },
    status: { type: 'integer', examples: [400] },
    detail: { type: 'string', description: 'For people.' },
    code: { type: 'string', description: 'For programs: stable.', examples: ['INVALID_REQUEST'] },
    requestId: { type: 'string', description: 'X-Request-Id of the response.' },
    errors: {
      type: 'array',
      items: {
        type: 'object',
        required: ['path', 'message'],
        properties: { path: { type: 'string', examples: ['admin.email'] }, message: { type: 'string' } },
      },
    },
  },
  additionalProperties: true,
};

const IDEMPOTENCY_KEY = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  description: 'Makes the request safe to repeat: 1 to 255 visible ASCII characters, kept for seven days.',
  schema: { type: 'string', minLength: 1, maxLength: 255 },
} as const;

/** Adds what holds for every route, so that no controller repeats it: problems, Idempotency-Key, and an order that does not depend on wiring. */
export function describeConventions(document: OpenAPIObject): OpenAPIObject {
  const paths = Object.fromEntries(
    sortedEntries(document.paths).map(([path, item]) => [path, describePath(path, item)]),
  );
  const schemas = Object.fromEntries(sortedEntries({ ...document.components?.schemas, Problem: PROBLEM }));
  const tags = [
    ...new Set(
      Object.values(paths).flatMap((item) => operationsOf(item).flatMap(([, operation]) => operation.tags ?? [])),
    ),
  ].sort();
  const { openapi, info, servers, components } = document;
  return {
    openapi,
    info,
    servers,
    tags: tags.map((name) => ({ name })),
    paths,
    components: { ...components, schemas },
  };
}

/** The operations of a path, in an order of their own. */
export function operationsOf(item: PathItem): [string, Operation][] {
  return METHODS.flatMap((method) => (item[method] ? [[method, item[method]] as [string, Operation]] : []));
}

function describePath(path: string, item: PathItem): PathItem {
  return Object.fromEntries(
    operationsOf(item).map(([method, operation]) => [
      method,
      path.startsWith('/v1/') ? describeOperation(method, operation) : operation,
    ]),
  );
}

function describeOperation(method: string, operation: Operation): Operation {
  const needsCredential = (operation.security?.length ?? 0) > 0;
  const takesInput = (operation.parameters?.length ?? 0) > 0 || operation.requestBody !== undefined;
  const statuses = [
    ...(takesInput ? [400] : []),
    ...(needsCredential ? [401, 403] : []),
    ...((operation.parameters ?? []).some((parameter) => 'in' in parameter && parameter.in === 'path') ? [404] : []),
    ...(method === 'post' ? [409, 422] : []),
    429,
    503,
  ];
  const problems = Object.fromEntries(
    statuses.map((status) => [
      status,
      {
        description: WORDS[status] ?? '',
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    ]),
  );
  return {
    ...operation,
    ...(method === 'post' && needsCredential && { parameters: [...(operation.parameters ?? []), IDEMPOTENCY_KEY] }),
    responses: { ...problems, ...operation.responses },
  };
}

const WORDS: Record<number, string> = {
  400: 'The shape of the request is wrong.',
  401: 'No credential, or none that is valid.',
  403: 'The credential may not do this.',
  404: 'There is no such thing, or it is not yours.',
  409: 'The state or a key is in the way.',
  422: 'The request is well formed, but means nothing that can be done.',
  429: 'Too many requests; Retry-After says when to go on.',
  503: 'The database cannot be reached; Retry-After says when to try again.',
};

function sortedEntries<T>(record: Record<string, T>): [string, T][] {
  return Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1));
}
