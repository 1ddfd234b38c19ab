import { createHmac, timingSafeEqual } from 'node:crypto';

const LENGTH = 'sha256='.length + 64;

/**
 * `X-Hub-Signature-256: sha256=<lower-case hex>` over the exact bytes of the body (S2.57-S2.60). Several secrets while one is
 * being rotated.
 */
export class WebhookSignature {
  constructor(private readonly secrets: readonly string[]) {}

  /** Compares lengths first, since a comparison in constant time needs equal ones (M20). */
  covers(body: Uint8Array, header: string | string[] | undefined): boolean {
    if (typeof header !== 'string' || header.length !== LENGTH) return false;
    const given = Buffer.from(header, 'latin1');
    return this.secrets.some((secret) =>
      timingSafeEqual(
        given,
        Buffer.from(`sha256=${createHmac('sha256', secret).update(body).digest('hex')}`, 'latin1'),
      ),
    );
  }
}
