import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { AppModule } from './app.module.js';
import { Clock } from './kernel/clock.js';
import { VirtualClock } from './platform/clock/virtual-clock.js';
import { type Config, InvalidConfiguration, readConfig } from './platform/config/config.js';
import { createApplication } from './platform/http/configure-http.js';
import { SandboxClock } from './sandbox/clock.js';
import { type RunningSandbox, startSandbox } from './sandbox/start-sandbox.js';

/** The environment's own exit code for a configuration that cannot be used (sysexits.h). */
const EXIT_CONFIGURATION = 78;

/** Starts the process that the environment describes; resolves when it is ready. */
export async function serve(
  environment: Readonly<Record<string, string | undefined>>,
): Promise<NestFastifyApplication> {
  const embedsSandbox = environment['SANDBOX'] === '1' && !environment['WHATSAPP_GRAPH_URL'];
  const config = readOrExit(
    embedsSandbox
      ? { ...environment, WHATSAPP_GRAPH_URL: `http://127.0.0.1:${environment['SANDBOX_PORT'] || '3001'}` }
      : environment,
  );
  const app = await createApplication(AppModule.of(config), config);
  const sandbox = embedsSandbox ? await embedSandbox(config, app) : undefined;
  stopOnSignals(app, sandbox);
  const port = config.servesHttp ? config.PORT : config.WORKER_PORT;
  if (port === undefined) await app.init();
  else await app.listen(port, config.HOST);
  return app;
}

/** The sandbox of the demo: in this process, on its own port, living in the application's time. */
async function embedSandbox(config: Config, app: NestFastifyApplication): Promise<RunningSandbox> {
  const clock = app.get<Clock, VirtualClock>(Clock);
  const sandbox = await startSandbox({
    port: config.SANDBOX_PORT,
    webhookUrl: `http://127.0.0.1:${config.PORT}/whatsapp/webhook`,
    appId: config.META_APP_ID,
    appSecret: config.META_APP_SECRET,
    verifyToken: config.WHATSAPP_VERIFY_TOKEN,
    clock: new (class extends SandboxClock {
      now = (): Date => clock.now();
      advance = (to: Date): Promise<void> => clock.advance(to);
    })(),
  });
  clock.settleBeforeEachStep(async () => void (await sandbox.settle()));
  return sandbox;
}

function stopOnSignals(app: NestFastifyApplication, sandbox: RunningSandbox | undefined): void {
  let stopping = false;
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      if (stopping) return;
      stopping = true;
      setTimeout(() => process.exit(1), HARD_EXIT_MS).unref();
      void app
        .close()
        .then(() => sandbox?.close())
        .then(() => process.exit(0));
    });
  }
}

/** Whatever hangs, the supervisor gets its process back (reliability 2.12). */
const HARD_EXIT_MS = 25_000;

function readOrExit(environment: Readonly<Record<string, string | undefined>>): Config {
  try {
    return readConfig(environment);
  } catch (error) {
    if (!(error instanceof InvalidConfiguration)) throw error;
    error.findings.forEach((finding) => process.stderr.write(`${finding}\n`));
    process.exit(EXIT_CONFIGURATION);
  }
}
