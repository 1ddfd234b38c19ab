import { Injectable } from '@nestjs/common';
import { errors, jwtVerify, SignJWT } from 'jose';
import { hkdfSync } from 'node:crypto';
import { tenantId } from '../../../kernel/ids.js';
import { Unauthenticated } from '../../../platform/auth/auth-errors.js';
import { Config } from '../../../platform/config/config.js';
import { type AccessClaims, AccessTokens } from '../application/sessions/access-tokens.js';
import { SessionClock } from '../application/sessions/session-clock.js';

const ISSUER = 'nodue';
const AUDIENCE = 'nodue-api';
const TYPE = 'at+jwt';
const ALGORITHM = 'HS256';
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** JWTs as RFC 8725 wants them: one algorithm, a key of ours whatever the header says, issuer, audience, type and expiry all checked. */
@Injectable()
export class JwtAccessTokens extends AccessTokens {
  readonly livesSeconds = 15 * 60;
  readonly #key: Uint8Array;

  constructor(
    config: Config,
    private readonly clock: SessionClock,
  ) {
    super();
    this.#key = accessTokenKey(config.JWT_SECRET);
  }

  issue({ tenantId: tid, userId, sessionId, sessionVersion }: AccessClaims): Promise<string> {
    const now = Math.floor(this.clock.now().getTime() / 1000);
    return new SignJWT({ tid, sid: sessionId, sv: sessionVersion })
      .setProtectedHeader({ alg: ALGORITHM, typ: TYPE })
      .setIssuer(ISSUER)
      .setAudience(AUDIENCE)
      .setSubject(userId)
      .setIssuedAt(now)
      .setExpirationTime(now + this.livesSeconds)
      .sign(this.#key);
  }

  async read(token: string): Promise<AccessClaims> {
    const { payload } = await jwtVerify(token, this.#key, {
      algorithms: [ALGORITHM],
      issuer: ISSUER,
      audience: AUDIENCE,
      typ: TYPE,
      requiredClaims: ['sub', 'iat', 'exp', 'tid', 'sid', 'sv'],
      maxTokenAge: this.livesSeconds,
      currentDate: this.clock.now(),
    }).catch((error: unknown) => {
      throw new Unauthenticated(
        error instanceof errors.JWTExpired
          ? 'The access token has expired: refresh the session.'
          : 'This is no valid access token.',
      );
    });
    const { sub, tid, sid, sv } = payload;
    if (!isId(sub) || !isId(tid) || !isId(sid) || !Number.isSafeInteger(sv))
      throw new Unauthenticated('This is no valid access token.');
    return { tenantId: tenantId(tid), userId: sub, sessionId: sid, sessionVersion: sv as number };
  }
}

/** A subkey, because JWT_SECRET serves other purposes too (C30). */
export function accessTokenKey(secret: string): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', secret, '', 'access tokens', 32));
}

function isId(value: unknown): value is string {
  return typeof value === 'string' && UUID.test(value);
}
