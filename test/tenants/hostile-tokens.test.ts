import { createHmac, generateKeyPairSync, sign } from 'node:crypto';
import { decodeJwt, SignJWT } from 'jose';
import { accessTokenKey } from '../../src/modules/tenants/infrastructure/jwt-access-tokens.js';
import { PLATFORM, newId } from '../../src/kernel/ids.js';
import { PLATFORM_KEY } from '../setup/config.js';
import { House, type Merchant } from './house.js';

const encode = (value: unknown): string =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

describe('Tokens that somebody made up are nobody (F56, RFC 8725, ASVS 9.1-9.2)', () => {
  let house: House;
  let merchant: Merchant;
  let other: Merchant;
  let key: Uint8Array;
  let claims: Record<string, unknown>;

  beforeAll(async () => {
    house = await House.open();
    [merchant, other] = [await house.merchant(), await house.merchant()];
    key = accessTokenKey(house.config.JWT_SECRET);
    claims = decodeJwt(merchant.accessToken);
  });
  afterAll(() => house.close());

  const HEADER = { alg: 'HS256', typ: 'at+jwt' };
  const hmac = (input: string, secret: Uint8Array | string, hash = 'sha256'): string =>
    createHmac(hash, secret).update(input).digest('base64url');
  /** Signed with the right key, whatever it says. */
  const signed = (
    payload: Record<string, unknown> | string,
    header: Record<string, unknown> = HEADER,
    secret: Uint8Array | string = key,
    hash = 'sha256',
  ): string => {
    const input = `${encode(header)}.${encode(payload)}`;
    return `${input}.${hmac(input, secret, hash)}`;
  };
  const without = (name: string): Record<string, unknown> =>
    Object.fromEntries(Object.entries(claims).filter(([claim]) => claim !== name));
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const publicPem = rsa.publicKey.export({ type: 'spki', format: 'pem' }) as string;
  const part = (n: number): string => merchant.accessToken.split('.')[n]!;

  const HOSTILE: [string, () => string | Promise<string>][] = [
    ['alg none', () => `${encode({ alg: 'none', typ: 'at+jwt' })}.${part(1)}.`],
    ['alg None with a signature', () => `${encode({ alg: 'None', typ: 'at+jwt' })}.${part(1)}.${part(2)}`],
    ['no alg', () => signed(claims, { typ: 'at+jwt' })],
    ['no signature', () => `${part(0)}.${part(1)}.`],
    ['two parts', () => `${part(0)}.${part(1)}`],
    ['four parts', () => `${merchant.accessToken}.${part(2)}`],
    ['a changed payload', () => `${part(0)}.${encode({ ...claims, sub: other.userId })}.${part(2)}`],
    ['the signature of another token', () => `${part(0)}.${part(1)}.${other.accessToken.split('.')[2]}`],
    ['the raw JWT_SECRET as key', () => signed(claims, HEADER, house.config.JWT_SECRET)],
    ['an empty key', () => signed(claims, HEADER, '')],
    ['a guessed key', () => signed(claims, HEADER, 'secret')],
    ['HS512 with the right key', () => signed(claims, { ...HEADER, alg: 'HS512' }, key, 'sha512')],
    ['HS384 with the right key', () => signed(claims, { ...HEADER, alg: 'HS384' }, key, 'sha384')],
    [
      'RS256 with a key of its own',
      () => {
        const input = `${encode({ alg: 'RS256', typ: 'at+jwt' })}.${encode(claims)}`;
        return `${input}.${sign('sha256', Buffer.from(input), rsa.privateKey).toString('base64url')}`;
      },
    ],
    ['a public key as HMAC key', () => signed(claims, HEADER, publicPem)],
    [
      'a jwk of its own in the header',
      () => signed(claims, { ...HEADER, jwk: { kty: 'oct', k: encode('mine') } }, 'mine'),
    ],
    ['a jku to its own keys', () => signed(claims, { ...HEADER, jku: 'http://127.0.0.1:1/keys' }, 'mine')],
    ['a kid that is a path', () => signed(claims, { ...HEADER, kid: '../../../../dev/null' }, '')],
    ['a kid that is SQL', () => signed(claims, { ...HEADER, kid: "' union select 'mine" }, 'mine')],
    ['an unknown critical header', () => signed(claims, { ...HEADER, crit: ['exp-ignored'], 'exp-ignored': true })],
    ['unencoded payload', () => signed(claims, { ...HEADER, b64: false, crit: ['b64'] })],
    ['no type', () => signed(claims, { alg: 'HS256' })],
    ['another type', () => signed(claims, { ...HEADER, typ: 'JWT' })],
    ['no exp', () => signed(without('exp'))],
    ['a past exp', () => signed({ ...claims, iat: 1_000_000_000, exp: 1_000_000_900 })],
    ['a far exp with an old iat', () => signed({ ...claims, iat: 1_000_000_000, exp: 9_999_999_999 })],
    ['an exp that is no number', () => signed({ ...claims, exp: 'never' })],
    ['a nbf in the future', () => signed({ ...claims, nbf: 9_999_999_999 })],
    ['no audience', () => signed(without('aud'))],
    ['another audience', () => signed({ ...claims, aud: 'somebody-else' })],
    ['no issuer', () => signed(without('iss'))],
    ['another issuer', () => signed({ ...claims, iss: 'https://evil.example' })],
    ['no subject', () => signed(without('sub'))],
    ['a subject that is no id', () => signed({ ...claims, sub: "' or true --" })],
    ['a subject that is a list', () => signed({ ...claims, sub: [merchant.userId] })],
    ['a user of another tenant', () => signed({ ...claims, tid: other.tenantId })],
    ["the platform's tenant", () => signed({ ...claims, tid: PLATFORM })],
    ['a tenant that is no id', () => signed({ ...claims, tid: '*' })],
    ['a user that does not exist', () => signed({ ...claims, sub: newId() })],
    ['an old session version', () => signed({ ...claims, sv: 0 })],
    ['a coming session version', () => signed({ ...claims, sv: 2 })],
    ['a session version beyond integers', () => signed({ ...claims, sv: 2 ** 40 })],
    ['a session version that is no number', () => signed({ ...claims, sv: '1' })],
    ['no session', () => signed(without('sid'))],
    ['a payload that is no object', () => signed('[]')],
    ['a payload that is no JSON', () => signed('{')],
    ['a refresh token as access token', () => merchant.refreshToken],
    [
      'a very long token',
      () => new SignJWT({ ...claims, padding: 'x'.repeat(9000) }).setProtectedHeader(HEADER).sign(key),
    ],
    ['an API key that does not exist', () => `nd_${'A'.repeat(43)}`],
    ['an API key cut short', () => merchant.apiKey.slice(0, -1)],
    ['nearly the platform key', () => PLATFORM_KEY.slice(0, -1)],
    ['the e-mail address', () => merchant.email],
  ];

  it.each(HOSTILE)('%s', async (_, make) => {
    expect(await house.call('GET', '/v1/auth/me', await make())).toMatchObject({
      status: 401,
      body: { code: 'UNAUTHENTICATED' },
    });
  });

  it.each(['', 'Bearer', 'Bearer ', 'Basic YTpi', 'bearer a b', 'Bearer \u00ff'])(
    'nor is the header %p somebody',
    async (authorization) => {
      expect((await house.call('GET', '/v1/auth/me', undefined, undefined, { authorization })).status).toBe(401);
    },
  );

  it('while the token that was given out is, also re-signed by the same hand', async () => {
    expect((await house.call('GET', '/v1/auth/me', merchant.accessToken)).status).toBe(200);
    expect((await house.call('GET', '/v1/auth/me', signed(claims))).status).toBe(200);
  });
});
