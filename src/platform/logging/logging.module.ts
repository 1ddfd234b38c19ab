import { Global, Module } from '@nestjs/common';
import { Config } from '../config/config.js';
import { AppLogger, LogSink, StandardOutput } from './app-logger.js';

/** `app.useLogger(app.get(AppLogger))` makes it the log of the whole process. */
@Global()
@Module({
  providers: [
    AppLogger,
    { provide: LogSink, inject: [Config], useFactory: (config: Config) => new StandardOutput(config.LOG_FORMAT) },
  ],
  exports: [AppLogger],
})
export class LoggingModule {}
