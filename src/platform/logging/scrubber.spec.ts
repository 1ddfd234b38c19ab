import fc from 'fast-check';
import { Scrubber } from './scrubber.js';

const scrubber = new Scrubber('a digest key', ['the-app-secret-of-meta']);
const clean = (text: string): string => scrubber.text(text);

describe('A log line shows no secret (F64)', () => {
  it.each([
    ['a bearer token', 'authorization: Bearer abc.DEF-123_456', 'abc.DEF-123_456'],
    ['a token of Meta', 'error for EAAGm0PX4ZCpsBAKZCZBq8Pq', 'EAAGm0PX4ZCpsBAKZCZBq8Pq'],
    ['a token of the sandbox', 'token mock_merchant-1 refused', 'mock_merchant-1'],
    ["a webhook's secret", 'signed by whsec_MfKQ9r8GKYqr+wT/PD7K=', 'MfKQ9r8GKYqr+wT/PD7K='],
    ['an API key', 'key nd_live_4f9a8b7c6d refused', 'nd_live_4f9a8b7c6d'],
    ['a JWT', 'got eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl', 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0'],
    [
      'a token in a URL',
      'GET https://graph.facebook.com/v24.0/oauth/access_token?client_secret=1a2b3c4d5e&code=AQBx9-long',
      '1a2b3c4d5e',
    ],
    ['a code in a URL', 'GET https://graph.facebook.com/oauth?code=AQBx9-long', 'AQBx9-long'],
    [
      'a password in a connection string',
      'cannot reach postgres://nodue_app:s3cr3t-pw@10.0.0.5:5432/nodue',
      's3cr3t-pw',
    ],
    ['a password in JSON', '{"password":"hunter2!!","email":"a@b.c"}', 'hunter2!!'],
    ['a secret of the configuration', 'signed with the-app-secret-of-meta', 'the-app-secret-of-meta'],
    ['a private key', '-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBg\n-----END PRIVATE KEY-----', 'MIIEvQIBADANBg'],
  ])('%s', (_what, text, secret) => {
    expect(clean(text)).not.toContain(secret);
    expect(clean(text)).toContain('[secret]');
  });

  it('whatever it looks like, in a field that is named after one, at any depth', () => {
    const shown = JSON.stringify(
      scrubber.value({
        err: { config: { headers: { Authorization: 'x', Cookie: 'y' } } },
        accessToken: 'z1',
        pin: '0000',
        code: '483920',
      }),
    );
    expect(shown).toBe(
      '{"err":{"config":{"headers":{"Authorization":"[secret]","Cookie":"[secret]"}}},"accessToken":"[secret]","pin":"[secret]","code":"[secret]"}',
    );
  });

  it('but the code of an error stays', () => {
    for (const code of ['ECONNREFUSED', '57P01', 'UND_ERR_SOCKET', 'WINDOW_CLOSED', 'P2002', '190'])
      expect(scrubber.value({ code })).toEqual({ code });
  });
});

describe('A log line shows no phone number and no message id (F64, M21)', () => {
  it.each([
    'sent to +919876543210',
    'sent to 919876543210',
    'wa_id 919876543210 is unknown',
    'call +91 98765 43210 back',
    'call +1 (415) 555-2671 back',
    'call (415) 555-2671 back',
    'call 98765-43210 back',
    'to:+49 151 1234 5678.',
    '{"phone":"+447911123456"}',
    '{"wa_id":"5511987654321"}',
    'POST /sandbox/handsets/919876543210/messages',
    'mobile=9876543210&x=1',
    'unique key (phone_number_id, address)=(106540352242922, 919876543210) already exists',
    'recipient 5551234 refused',
    'number 1234567',
    'dialled 00919876543210',
    'lane inbound:106540352242922:919876543210',
    'card 4111 1111 1111 1111',
    'card 4111111111111111',
  ])('%s', (text) => {
    expect(clean(text)).toMatch(/phone:[0-9a-f]{10}/);
    expect(clean(text).replace(/phone:[0-9a-f]{10}/g, '')).not.toMatch(/\d{5}/);
  });

  it.each([
    '2026-11-21T07:56:03.123Z listening on 127.0.0.1:3000',
    '2026-11-21 07:56:03 +0000 ready in 12345 ms',
    'tenant 01932f3c-7f1e-7a3b-8c1d-123456789012 suspended',
    'tenant 00000000-0000-0000-0000-000000000000 waits',
    'POST /v24.0/106540352242922/messages answered 500',
    'phoneNumberId=106540352242922 paused',
    'due at 1763711763123, lease until 1763711763',
    'reached 192.168.100.200:5432 after 3000 tries in 0.1234567890123 s',
    'queued 12345, sent 67890, of 1000000',
    'port 65535, pid 4194304, 10000 ms',
    'Raw query failed. Code: `23502`. Then code: ECONNREFUSED, code=57P01',
    'error (#131056) rate limit; code 80007',
    'sha256 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
  ])('keeps: %s', (text) => {
    expect(clean(text)).toBe(text);
  });

  it('a message id, which holds the phone number in base64', () => {
    const wamid = 'wamid.HBgMOTE5ODc2NTQzMjEwFQIAERgSQzQ5RkY5QjE2QzE5RkQ5RDM5AA==';
    const shown = clean(`status of ${wamid} is unknown, also ${wamid.slice(6)}`);
    expect(shown).toMatch(/^status of wamid:[0-9a-f]{10} is unknown, also wamid:[0-9a-f]{10}$/);
    expect(clean(encodeURIComponent(wamid))).toBe(clean(wamid));
  });

  it("fields: numbers under a phone's name go, ids, instants and sizes stay", () => {
    expect(scrubber.value({ to: 919876543210, waId: '5551234567', phone: '98 76 54', odd: 919876543210 })).toEqual({
      to: expect.stringMatching(/^phone:/),
      waId: expect.stringMatching(/^phone:/),
      phone: expect.stringMatching(/^phone:/),
      odd: expect.stringMatching(/^phone:/),
    });
    const kept = {
      phoneNumberId: '106540352242922',
      wabaId: '102290129340398',
      time: 1763711763123,
      seq: 12345678901,
      port: 5432,
      milliseconds: 12.5,
      from: '2026-11-01',
      address: '10.0.0.5',
    };
    expect(scrubber.value(kept)).toEqual(kept);
  });

  it('gives one customer one digest, however he is written, and another with another key', () => {
    const digest = (text: string): string | undefined => /phone:[0-9a-f]{10}/.exec(clean(text))?.[0];
    expect(new Set(['+91 98765 43210', '919876543210', 'x 00919876543210', '+91-98765-43210'].map(digest)).size).toBe(
      1,
    );
    expect(digest('919876543210')).not.toBe(digest('919876543211'));
    expect(new Scrubber('another key').text('919876543210')).not.toBe(clean('919876543210'));
  });

  it('any E.164 number, in any of the ways in which lines are written', () => {
    // No country's code begins with 1 but 1 itself, whose numbers have eleven digits.
    const country = fc.oneof(fc.integer({ min: 20, max: 99 }), fc.integer({ min: 200, max: 998 }));
    const number = fc
      .tuple(country, fc.stringMatching(/^\d{9,11}$/))
      .map(([country, rest]) => `${country}${rest}`.slice(0, 15));
    const around = fc.constantFrom(
      (n: string) => `message to +${n} failed`,
      (n: string) => `message to ${n} failed`,
      (n: string) => `{"to":"${n}"}`,
      (n: string) => `Error: duplicate (${n})\n    at send (/app/x.js:1:2)`,
      (n: string) => `thread ${n}, unread`,
      (n: string) => `https://wa.me/${n}?text=hi`,
    );
    fc.assert(
      fc.property(number, around, (n, write) => !clean(write(n)).includes(n)),
      { numRuns: 2000 },
    );
  });
});

describe('Scrubbing a line', () => {
  it('is the same a second time, and leaves other values as they are', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const once = clean(text);
        return clean(once) === once;
      }),
    );
    expect(scrubber.value({ a: [1, true, null, 'x'], b: { c: 'd' } })).toEqual({
      a: [1, true, null, 'x'],
      b: { c: 'd' },
    });
  });
});
