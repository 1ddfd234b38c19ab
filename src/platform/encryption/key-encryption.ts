/** What a data key is bound to: it unwraps for this tenant and this key id, or not at all. */
export interface DataKeyContext {
  readonly tenantId: string;
  readonly dataKeyId: string;
}

export interface WrappedKey {
  /** Which key encryption key wraps it. */
  readonly kekId: string;
  readonly wrapped: Uint8Array;
}

/**
 * Wraps data keys with keys that never touch the database: the ring of ENCRYPTION_KEYS, or a key management service.
 * Called inside transactions, once per data key and few minutes: an adapter that calls out keeps its deadline below a second.
 */
export abstract class KeyEncryption {
  /** The key that wraps from now on. */
  abstract readonly currentKekId: string;
  abstract wrap(dataKey: Uint8Array, context: DataKeyContext): Promise<WrappedKey>;
  /** @throws KekMissing, SealBroken */
  abstract unwrap(key: WrappedKey, context: DataKeyContext): Promise<Uint8Array>;
}

export class KekMissing extends Error {
  constructor(kekId: string) {
    super(
      `A data key is wrapped with the key "${kekId}", which is not in ENCRYPTION_KEYS: put it back, then rewrap before you retire it`,
    );
  }
}
