import { ApplicationClock } from './clock.js';
import { SandboxRefusal, settingsFromEnvironment } from './settings.js';
import { startSandbox } from './start-sandbox.js';

/** `npm run sandbox`: the sandbox in a process of its own, whose ledger outlives the application's crashes. */
async function main(): Promise<void> {
  const settings = settingsFromEnvironment(process.env);
  const applicationUrl = process.env['SANDBOX_APP_URL'] ?? new URL(settings.webhookUrl).origin;
  const sandbox = await startSandbox({ ...settings, clock: new ApplicationClock(applicationUrl) });
  process.stdout.write(`WhatsApp sandbox at ${sandbox.url}, webhooks go to ${settings.webhookUrl}\n`);
  const stop = (): void => void sandbox.close().then(() => process.exit(0));
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
}

main().catch((error: unknown) => {
  const isTaken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
  const reason = isTaken
    ? 'the port is taken: set SANDBOX_PORT'
    : error instanceof SandboxRefusal
      ? error.message
      : String(error);
  process.stderr.write(`The sandbox did not start: ${reason}\n`);
  process.exitCode = 1;
});
