import type { DestinationStream } from 'pino';
import { build } from 'pino-pretty';

/** Lines for a person at a terminal: time, level, message, then what else is known. */
export function pinoPretty(): DestinationStream {
  return build({
    colorize: process.stdout.isTTY,
    sync: true,
    translateTime: 'SYS:HH:MM:ss.l',
    ignore: 'context',
    messageFormat: '{if context}[{context}] {end}{msg}',
  });
}
