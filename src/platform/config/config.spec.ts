import { InvalidConfiguration, readConfig } from './config.js';

const VALID = {
  NODE_ENV: 'production',
  DATABASE_URL: 'postgresql://app:secret@localhost:5432/nodue',
  META_APP_ID: '1',
  META_APP_SECRET: 'an-app-secret',
  WHATSAPP_VERIFY_TOKEN: 'a-verify-token',
  ENCRYPTION_KEYS: `k1:${Buffer.alloc(32).toString('base64')}`,
  JWT_SECRET: 'x'.repeat(32),
  PLATFORM_KEY: 'x'.repeat(24),
};

const findings = (environment: Record<string, string | undefined>): string[] => {
  try {
    readConfig(environment);
    return [];
  } catch (error) {
    return (error as InvalidConfiguration).findings;
  }
};

describe('The configuration is checked before anything starts (contract 2)', () => {
  it('has the documented defaults (S0.4, S0.82, S2.53)', () => {
    expect(readConfig(VALID)).toMatchObject({
      PORT: 3000,
      HOST: '0.0.0.0',
      ROLE: 'all',
      WHATSAPP_GRAPH_URL: 'https://graph.facebook.com',
      WHATSAPP_API_VERSION: 'v24.0',
      WHATSAPP_SESSION_TTL_MS: 60_000,
      SANDBOX: false,
      SANDBOX_PORT: 3001,
      LOG_LEVEL: 'info',
      REDIS_URL: undefined,
      WORKER_PORT: undefined,
    });
  });

  it('vouches for the very origins of receivers that are named, and in the sandbox for this machine (F58)', () => {
    const vouches = (more: Record<string, string>, url: string): boolean =>
      readConfig({ ...VALID, ...more }).vouchesFor(new URL(url));
    const named = { WEBHOOK_TRUSTED_ORIGINS: 'http://erp.internal:8080,https://crm.example:443' };
    expect(vouches(named, 'http://erp.internal:8080/hooks')).toBe(true);
    expect(vouches(named, 'https://crm.example/hooks')).toBe(true);
    for (const url of ['http://erp.internal/', 'https://erp.internal:8080/', 'http://erp.internal.evil.example:8080/'])
      expect(vouches(named, url)).toBe(false);
    expect(vouches({}, 'http://localhost:4000/')).toBe(false);
    expect(vouches({ NODE_ENV: 'demo', SANDBOX: '1' }, 'http://localhost:4000/')).toBe(true);
    expect(vouches({ NODE_ENV: 'demo', SANDBOX: '1' }, 'http://10.0.0.1/')).toBe(false);
    expect(findings({ ...VALID, WEBHOOK_TRUSTED_ORIGINS: 'erp.internal' })).toHaveLength(1);
  });

  it('takes an empty variable for one that is not set', () => {
    expect(readConfig({ ...VALID, PORT: '', REDIS_URL: '', META_APP_SECRET_PREVIOUS: '' })).toMatchObject({
      PORT: 3000,
      REDIS_URL: undefined,
      META_APP_SECRET_PREVIOUS: undefined,
    });
  });

  it.each(Object.keys(VALID).filter((name) => name !== 'NODE_ENV'))('names %s when it is missing', (name) => {
    expect(findings({ ...VALID, [name]: undefined })).toEqual([
      expect.stringMatching(new RegExp(`^${name} .*not set`)),
    ]);
  });

  it.each([
    ['PORT', '70000'],
    ['PORT', 'http'],
    ['WORKER_PORT', '0'],
    ['ROLE', 'boss'],
    ['DATABASE_URL', 'mongodb://localhost/nodue'],
    ['REDIS_URL', 'localhost:6379'],
    ['WHATSAPP_GRAPH_URL', 'graph.facebook.com'],
    ['WHATSAPP_API_VERSION', '24'],
    ['META_APP_SECRET', 'short'],
    ['ENCRYPTION_KEYS', 'k1:c2hvcnQ='],
    ['JWT_SECRET', 'short'],
    ['PLATFORM_KEY', 'short'],
    ['WHATSAPP_SESSION_TTL_MS', '1'],
    ['SANDBOX', 'maybe'],
    ['LOG_LEVEL', 'loud'],
    ['LOG_FORMAT', 'xml'],
  ])('refuses %s=%s in one line that does not repeat the value', (name, value) => {
    const [line, ...others] = findings({ ...VALID, [name]: value });
    expect(others).toEqual([]);
    expect(line).toMatch(new RegExp(`^${name} `));
    expect(line).not.toContain(`${value}"`);
  });

  it('refuses the sandbox in production', () => {
    expect(findings({ ...VALID, SANDBOX: '1' })).toEqual([expect.stringMatching(/^SANDBOX must be 0 in production/)]);
    expect(findings({ ...VALID, NODE_ENV: 'demo', SANDBOX: '1' })).toEqual([]);
  });
});
