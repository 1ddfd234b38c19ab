import { Injectable, type LoggerService, type LogLevel } from '@nestjs/common';
import { hkdfSync } from 'node:crypto';
import { type DestinationStream, type Logger, pino, stdSerializers, stdTimeFunctions } from 'pino';
import { pinoPretty } from './pretty.js';
import { Config } from '../config/config.js';
import { TenantScope } from '../database/tenant-scope.js';
import { RequestContext } from '../http/request-context.js';
import { Scrubber } from './scrubber.js';

/** Where finished lines go; a test gives its own. */
export abstract class LogSink {
  abstract write(line: string): void;
}

/** Standard output, as one JSON document a line or readable to a person. */
export class StandardOutput extends LogSink {
  readonly #out: DestinationStream;

  constructor(format: Config['LOG_FORMAT']) {
    super();
    this.#out = format === 'pretty' ? pinoPretty() : pino.destination({ fd: 1, sync: true });
  }

  write(line: string): void {
    this.#out.write(line);
  }
}

/** What it knows of a customer has the same digest in the log and wherever else it is shown. */
export function scrubberFor(config: Config): Scrubber {
  const digestKey = Buffer.from(hkdfSync('sha256', config.JWT_SECRET, '', 'log digests', 32)).toString('hex');
  return new Scrubber(digestKey, secretsOf(config));
}

/**
 * The application's log: every line carries the request, the tenant and who asked, where there is one, and passes the scrubber as
 * a whole after it was written, so that no way of logging goes around it.
 */
@Injectable()
export class AppLogger implements LoggerService {
  readonly #pino: Logger;

  constructor(config: Config, sink: LogSink, scope: TenantScope, context: RequestContext) {
    const scrubber = scrubberFor(config);
    this.#pino = pino(
      {
        level: config.LOG_LEVEL,
        base: null,
        timestamp: stdTimeFunctions.isoTime,
        formatters: { level: (level) => ({ level }) },
        serializers: { err: stdSerializers.errWithCause },
        mixin: () => ({ ...context.current, tenantId: scope.current ?? context.current?.tenantId }),
      },
      { write: (line) => sink.write(`${JSON.stringify(scrubber.value(JSON.parse(line)))}\n`) },
    );
  }

  log(message: unknown, ...rest: unknown[]): void {
    this.#write(NARRATORS.has(rest.at(-1)) ? 'debug' : 'info', message, rest);
  }

  warn(message: unknown, ...rest: unknown[]): void {
    this.#write('warn', message, rest);
  }

  error(message: unknown, ...rest: unknown[]): void {
    this.#write('error', message, rest);
  }

  fatal(message: unknown, ...rest: unknown[]): void {
    this.#write('fatal', message, rest);
  }

  debug(message: unknown, ...rest: unknown[]): void {
    this.#write('debug', message, rest);
  }

  verbose(message: unknown, ...rest: unknown[]): void {
    this.#write('trace', message, rest);
  }

  /** Levels are the configuration's. */
  setLogLevels(_levels: LogLevel[]): void {}

  /** Nest gives the context last, and a stack before it where it has one. */
  #write(level: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal', message: unknown, rest: unknown[]): void {
    const context = typeof rest.at(-1) === 'string' ? rest.at(-1) : undefined;
    const more = context === undefined ? rest : rest.slice(0, -1);
    const stack = more.find((item) => typeof item === 'string' && /\n\s+at /.test(item));
    const details = more.filter((item) => item !== stack && item !== undefined);
    const fields = { context, ...(stack !== undefined && { stack }), ...(details.length > 0 && { details }) };
    if (message instanceof Error) this.#pino[level]({ ...fields, err: message }, message.message);
    else if (typeof message === 'object' && message !== null) this.#pino[level]({ ...fields, ...message });
    else this.#pino[level](fields, String(message));
  }
}

/** Nest tells of each module and each route that it wires: of use to whoever looks for one that is missing. */
const NARRATORS = new Set<unknown>(['InstanceLoader', 'RoutesResolver', 'RouterExplorer']);

function secretsOf(config: Config): string[] {
  const {
    META_APP_SECRET,
    META_APP_SECRET_PREVIOUS,
    WHATSAPP_VERIFY_TOKEN,
    ENCRYPTION_KEYS,
    JWT_SECRET,
    PLATFORM_KEY,
  } = config;
  const keys = ENCRYPTION_KEYS.split(',').map((entry) => entry.slice(entry.indexOf(':') + 1));
  return [META_APP_SECRET, META_APP_SECRET_PREVIOUS ?? '', WHATSAPP_VERIFY_TOKEN, JWT_SECRET, PLATFORM_KEY, ...keys];
}
