import { createHmac, createSecretKey, type KeyObject, timingSafeEqual } from 'node:crypto';

/** Names one attempt to send one message. */
export interface AttemptName {
  readonly messageId: string;
  /** From 1. */
  readonly attemptNo: number;
}

const FORM = /^v1\.([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.([1-9]\d{0,8})\.([\w-]{12})$/;

/**
 * The opaque reference that travels with a message and comes back in its status webhooks, so that an attempt whose answer was
 * lost is settled without a second send: `v1.<messageId>.<attempt>.<12 characters of HMAC>` (reliability 2.5.4). Other apps of
 * the account read it: it holds no personal data, and nobody else can make one.
 */
export class AttemptReferences {
  readonly #key: KeyObject;

  constructor(key: Uint8Array) {
    // A sixth of the cost of handing over the bytes each time: there is a reference for each message.
    this.#key = createSecretKey(key);
  }

  write({ messageId, attemptNo }: AttemptName): string {
    return `v1.${messageId}.${attemptNo}.${this.#seal(messageId, String(attemptNo))}`;
  }

  /** @returns undefined for what was not written with this key */
  read(reference: string): AttemptName | undefined {
    const [, messageId, attemptNo, seal] = FORM.exec(reference) ?? [];
    if (messageId === undefined || attemptNo === undefined || seal === undefined) return undefined;
    if (!timingSafeEqual(Buffer.from(seal), Buffer.from(this.#seal(messageId, attemptNo)))) return undefined;
    return { messageId, attemptNo: Number(attemptNo) };
  }

  #seal(messageId: string, attemptNo: string): string {
    return createHmac('sha256', this.#key).update(`v1.${messageId}.${attemptNo}`).digest('base64url').slice(0, 12);
  }
}
