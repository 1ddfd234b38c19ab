import type { OpenAPIObject } from '@nestjs/swagger';

/** Rewrites what the decorators say in the words of OpenAPI 3.0 into those of 3.1, whose schemas are JSON Schema. */
export function toOpenApi31(document: OpenAPIObject): OpenAPIObject {
  return { ...(rewrite(document) as OpenAPIObject), openapi: '3.1.0' };
}

function rewrite(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(rewrite);
  if (value === null || typeof value !== 'object') return value;
  const { nullable, ...schema } = Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, rewrite(member)]),
  );
  if (typeof nullable !== 'boolean') return nullable === undefined ? schema : { ...schema, nullable };
  return nullable ? orNull(schema) : schema;
}

function orNull(schema: Record<string, unknown>): Record<string, unknown> {
  if (typeof schema['type'] === 'string') {
    return {
      ...schema,
      type: [schema['type'], 'null'],
      ...(Array.isArray(schema['enum']) && { enum: [...(schema['enum'] as unknown[]), null] }),
    };
  }
  const { description, ...rest } = schema;
  return { ...(description !== undefined && { description }), anyOf: [rest, { type: 'null' }] };
}
