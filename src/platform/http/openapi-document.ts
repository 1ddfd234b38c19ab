import type { INestApplication } from '@nestjs/common';
import { type NestContainer, Reflector } from '@nestjs/core';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { describeConventions } from './openapi-conventions.js';
import { toOpenApi31 } from './openapi-31.js';

const DESCRIPTION = `Base path \`/v1\`. JSON, camelCase. Instants are RFC 3339 in UTC, calendar dates \`YYYY-MM-DD\` in the merchant's zone, phone numbers E.164.

**Who asks**: \`Authorization: Bearer\` with a user's access token, a merchant's API key (\`nd_...\`) or the platform key; the operator names the merchant with \`X-Tenant-Id\`.

**Lists** answer \`{"data": [...], "nextCursor": "..."}\`; give \`nextCursor\` as \`cursor\` to go on.

**Errors** are problem documents (RFC 9457) with a stable \`code\`.

**Idempotency-Key** on a POST: the same request again gets the stored answer with \`Idempotency-Replayed: true\`; another request with the key is 422; while the first runs it is 409.

**X-Request-Id** stands on every response; a given one is kept.`;

/** Describes routes that no controller has: bare ones of the server, by whichever provider makes them. */
export const DescribesRoutes = Reflector.createDecorator<OpenAPIObject['paths']>();

/** The OpenAPI 3.1 document of the routes that the application has; needs no running application. Always the same for the same code. */
export function openApiDocument(app: INestApplication): OpenAPIObject {
  const frame = new DocumentBuilder()
    .setTitle('NoDue')
    .setDescription(DESCRIPTION)
    .setVersion('1')
    .setLicense('MIT', 'https://opensource.org/license/mit')
    .addServer('http://127.0.0.1:3000', 'the demo')
    .addBearerAuth({ type: 'http', scheme: 'bearer', description: 'An access token, an API key or the platform key.' })
    .build();
  const document = SwaggerModule.createDocument(app, frame, {
    operationIdFactory: (controller, method) => `${lowerFirst(controller.replace(/Controller$/, ''))}.${method}`,
  });
  const paths = { ...document.paths, ...bareRoutes(app) };
  return toOpenApi31(describeConventions({ ...document, paths }));
}

/** Read off the classes: where only the document is made, nothing has instances. */
function bareRoutes(app: INestApplication): OpenAPIObject['paths'] {
  const { container } = app as unknown as { container: NestContainer };
  const classes = [...container.getModules().values()].flatMap(({ providers }) =>
    [...providers.values()].map(({ metatype }) => metatype),
  );
  const described = classes
    .filter((metatype) => typeof metatype === 'function')
    .map((metatype) => Reflect.getMetadata(DescribesRoutes.KEY, metatype) as OpenAPIObject['paths'] | undefined);
  return Object.assign({}, ...described) as OpenAPIObject['paths'];
}

/** Serves `/openapi.json` and Swagger UI at `/docs`; the document is made when it is first asked for. */
export function serveOpenApi(app: INestApplication): void {
  SwaggerModule.setup('docs', app, () => openApiDocument(app), {
    jsonDocumentUrl: 'openapi.json',
    raw: ['json'],
    customSiteTitle: 'NoDue API',
    swaggerOptions: { persistAuthorization: true },
  });
}

function lowerFirst(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}
