import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { AppModule } from './app.module.js';
import { InvalidConfiguration, readConfig } from './platform/config/config.js';

const EXIT_CONFIGURATION = 78;

/** Starts the process that the environment describes; resolves when it is ready. */
export async function serve(environment: Readonly<Record<string, string | undefined>>): Promise<NestFastifyApplication> {
  const config = readOrExit(environment);
  const app = await NestFactory.create<NestFastifyApplication>(AppModule.of(config), new FastifyAdapter());
  app.enableShutdownHooks();
  if (config.servesHttp) await app.listen(config.PORT, config.HOST);
  else await app.init();
  return app;
}

function readOrExit(environment: Readonly<Record<string, string | undefined>>) {
  try {
    return readConfig(environment);
  } catch (error) {
    if (!(error instanceof InvalidConfiguration)) throw error;
    error.findings.forEach((finding) => process.stderr.write(`${finding}\n`));
    process.exit(EXIT_CONFIGURATION);
  }
}
