import { Global, Module } from '@nestjs/common';
import { Config } from '../config/config.js';
import { LocalTokenBuckets } from './local-token-buckets.js';
import { RedisTokenBuckets } from './redis-token-buckets.js';
import { TokenBuckets } from './token-buckets.js';

/** One level for all processes where there is a Redis, one a process otherwise. */
@Global()
@Module({
  providers: [
    {
      provide: TokenBuckets,
      inject: [Config],
      useFactory: (config: Config) =>
        config.REDIS_URL ? new RedisTokenBuckets(config.REDIS_URL) : new LocalTokenBuckets(),
    },
  ],
  exports: [TokenBuckets],
})
export class RateLimitingModule {}
