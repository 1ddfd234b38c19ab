import { Injectable } from '@nestjs/common';
import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import { Clock } from '../../kernel/clock.js';
import { Config } from '../config/config.js';
import { SignedLinks } from './signed-links.js';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Sealed with a key of its own derived from each of ENCRYPTION_KEYS: the first signs, all open, so that a rotation breaks no link. */
@Injectable()
export class HmacSignedLinks extends SignedLinks {
  readonly #keys: readonly Buffer[];

  constructor(
    config: Config,
    private readonly clock: Clock,
  ) {
    super();
    this.#keys = config.ENCRYPTION_KEYS.split(',').map((entry) =>
      Buffer.from(hkdfSync('sha256', Buffer.from(entry.split(':')[1]!, 'base64'), '', 'media links', 32)),
    );
  }

  sign(file: { readonly tenantId: string; readonly mediaId: string }, expiresAt: Date): string {
    const until = String(Math.ceil(expiresAt.getTime() / 1000));
    const seal = sealOf(this.#keys[0]!, file.tenantId, file.mediaId, until).toString('base64url');
    return `?${new URLSearchParams({ tenant: file.tenantId, until, seal }).toString()}`;
  }

  open(mediaId: string, query: Readonly<Record<string, unknown>>): { readonly tenantId: string } | undefined {
    const { tenant, until, seal } = query;
    if (typeof tenant !== 'string' || !UUID.test(tenant) || typeof seal !== 'string') return undefined;
    if (typeof until !== 'string' || !/^\d{1,11}$/.test(until)) return undefined;
    const given = Buffer.from(seal, 'base64url');
    const isOurs = this.#keys.some((key) => {
      const expected = sealOf(key, tenant, mediaId, until);
      return given.length === expected.length && timingSafeEqual(given, expected);
    });
    return isOurs && Number(until) * 1000 > this.clock.now().getTime() ? { tenantId: tenant } : undefined;
  }
}

/** JSON, because joined strings could meet. */
function sealOf(key: Buffer, tenantId: string, mediaId: string, until: string): Buffer {
  return createHmac('sha256', key)
    .update(JSON.stringify(['media content', tenantId, mediaId, until]))
    .digest();
}
