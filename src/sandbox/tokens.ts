import { Injectable } from '@nestjs/common';
import { SandboxClock } from './clock.js';
import { GraphError } from './graph-error.js';
import { looksReal } from './settings.js';

const LONG_LIVED_MS = 60 * 24 * 60 * 60 * 1000;

/** Access tokens and signup codes. `mock_<anything>` is good, `mock_expired...` was once, everything else never. */
@Injectable()
export class Tokens {
  private readonly usedCodes = new Set<string>();
  private readonly expiry = new Map<string, Date>();
  private readonly secrets = new Map<string, string>();

  constructor(private readonly clock: SandboxClock) {}

  /** @throws GraphError 190 unless the token is good */
  check(token: string | undefined): string {
    if (!token) throw GraphError.badToken('An access token is required to request this resource.');
    if (looksReal(token))
      throw GraphError.badToken('This is a sandbox: it refuses tokens that look real. Use mock_<anything>.');
    const expiresAt = this.expiry.get(token);
    if (token.startsWith('mock_expired') || (expiresAt && expiresAt <= this.clock.now())) {
      throw GraphError.badToken('Error validating access token: Session has expired.', 463);
    }
    if (!/^mock_.+/.test(token))
      throw GraphError.badToken('Invalid OAuth access token - Cannot parse access token', 467);
    return token;
  }

  isGood(token: string): boolean {
    try {
      return this.check(token) === token;
    } catch {
      return false;
    }
  }

  expiresAt(token: string): Date | undefined {
    return this.expiry.get(token);
  }

  /** Exchanges a signup code, once. @throws GraphError 100 */
  exchangeCode(code: string): string {
    const secret = /^sandbox_code_(.+)$/.exec(code)?.[1];
    if (!secret) throw new GraphError(100, 'Invalid verification code format.', { subcode: 36008 });
    if (this.usedCodes.has(code))
      throw new GraphError(100, 'This authorization code has been used.', { subcode: 36009 });
    this.usedCodes.add(code);
    const token = `mock_${secret}`;
    this.secrets.set(token, secret);
    return token;
  }

  /** A token for the same rights that lives 60 days. @throws GraphError 190 */
  extend(token: string): { token: string; seconds: number } {
    const secret = this.secretOf(this.check(token));
    const longLived = `${token}_long`;
    this.secrets.set(longLived, secret);
    this.expiry.set(longLived, new Date(this.clock.now().getTime() + LONG_LIVED_MS));
    return { token: longLived, seconds: LONG_LIVED_MS / 1000 };
  }

  /** What names the business behind a token: the tail of its signup code, else the token itself. */
  secretOf(token: string): string {
    return this.secrets.get(token) ?? token.replace(/^mock_/, '');
  }

  clear(): void {
    this.usedCodes.clear();
    this.expiry.clear();
    this.secrets.clear();
  }
}
