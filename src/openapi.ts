import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { readFile, writeFile } from 'node:fs/promises';
import { stringify } from 'yaml';
import { AppModule } from './app.module.js';
import { type Config, readConfig } from './platform/config/config.js';
import { fastifyAdapter } from './platform/http/fastify-adapter.js';
import { openApiDocument } from './platform/http/openapi-document.js';
import { postmanCollection } from './platform/http/postman-collection.js';

/** What `docs/` must hold, by path. Nothing is started and no database is asked. */
export async function apiDescriptions(config: Config): Promise<ReadonlyMap<string, string>> {
  const app = await NestFactory.create<NestFastifyApplication>(AppModule.of(config), fastifyAdapter(config), {
    preview: true,
    logger: false,
  });
  const document = openApiDocument(app);
  return new Map([
    ['docs/openapi.yaml', stringify(document, { lineWidth: 0, aliasDuplicateObjects: false })],
    ['docs/postman.json', `${JSON.stringify(postmanCollection(document), null, 2)}\n`],
  ]);
}

/** Writes the descriptions, or with `--check` says which are stale. @returns the exit code */
async function main(args: readonly string[]): Promise<number> {
  let stale = 0;
  for (const [path, text] of await apiDescriptions(readConfig(process.env))) {
    const present = await readFile(path, 'utf8').catch(() => '');
    if (!args.includes('--check')) await writeFile(path, text);
    else if (present !== text) {
      stale++;
      process.stdout.write(`${path} is stale: run "npm run openapi"\n`);
    }
  }
  return stale > 0 ? 1 : 0;
}

if (import.meta.main) process.exitCode = await main(process.argv.slice(2));
