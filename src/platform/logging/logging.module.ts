import { Global, Module } from '@nestjs/common';
import { Config } from '../config/config.js';
import { AppLogger, LogSink, scrubberFor, StandardOutput } from './app-logger.js';
import { Scrubber } from './scrubber.js';

/** `app.useLogger(app.get(AppLogger))` makes it the log of the whole process. */
@Global()
@Module({
  providers: [
    AppLogger,
    { provide: Scrubber, inject: [Config], useFactory: scrubberFor },
    { provide: LogSink, inject: [Config], useFactory: (config: Config) => new StandardOutput(config.LOG_FORMAT) },
  ],
  exports: [AppLogger, Scrubber],
})
export class LoggingModule {}
