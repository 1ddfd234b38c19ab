import { Config, readConfig } from '../../src/platform/config/config.js';
import type { TestDatabase } from './database.js';

/** What META_APP_SECRET is in tests. */
export const APP_SECRET = 'test-app-secret';
export const VERIFY_TOKEN = 'test-verify-token';
export const PLATFORM_KEY = 'test-platform-key-0123456789';

/** A valid configuration on a test's own database; `overrides` are environment variables. */
export function testConfig(database: TestDatabase, overrides: Record<string, string | undefined> = {}): Config {
  return readConfig({
    NODE_ENV: 'test',
    PORT: '0',
    HOST: '127.0.0.1',
    DATABASE_URL: database.databaseUrl,
    META_APP_ID: '1',
    META_APP_SECRET: APP_SECRET,
    WHATSAPP_VERIFY_TOKEN: VERIFY_TOKEN,
    ENCRYPTION_KEYS: `test:${Buffer.alloc(32, 'key').toString('base64')}`,
    JWT_SECRET: 'test-jwt-secret-0123456789-0123456789',
    PLATFORM_KEY,
    WHATSAPP_GRAPH_URL: 'http://127.0.0.1:1',
    LOG_LEVEL: 'silent',
    LOG_FORMAT: 'json',
    ...overrides,
  });
}
