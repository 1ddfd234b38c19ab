import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { testConfig } from '../../setup/config.js';
import { createTestDatabase, type TestDatabase } from '../../setup/database.js';
import { startApplication } from './application.js';

describe('Every response', () => {
  let database: TestDatabase;
  let app: NestFastifyApplication;
  let url: string;

  beforeAll(async () => {
    database = await createTestDatabase();
    app = await startApplication(testConfig(database), {});
    url = await app.getUrl();
  });
  afterAll(async () => {
    await app.close();
    await database.drop();
  });

  it.each(['/health/live', '/v1/nothing', '/v1/things/%E0%A4%A'])('carries X-Request-Id: %s', async (path) => {
    const own = await fetch(url + path, { headers: { 'x-request-id': 'caller-7:a.b' } });
    expect(own.headers.get('x-request-id')).toBe('caller-7:a.b');
    for (const bad of ['x'.repeat(200), 'a b', '<script>']) {
      const other = await fetch(url + path, { headers: { 'x-request-id': bad } });
      expect(other.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    }
  });

  it('is safe in a browser, and open to no other origin', async () => {
    const response = await fetch(`${url}/v1/nothing`, { headers: { origin: 'https://evil.example' } });
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
      'cache-control': 'no-store',
    });
    expect(response.headers.get('access-control-allow-origin')).toBeNull();
    expect(response.headers.get('x-powered-by')).toBeNull();
  });
});
