import { Injectable } from '@nestjs/common';
import { hkdfSync } from 'node:crypto';
import { Config } from '../config/config.js';
import { seal, unseal } from './aead.js';
import { type DataKeyContext, KekMissing, KeyEncryption, type WrappedKey } from './key-encryption.js';

/** Keys of ENCRYPTION_KEYS, each used through a subkey of its own for this purpose (C30). The first wraps, all unwrap. */
@Injectable()
export class KeyRing extends KeyEncryption {
  readonly currentKekId: string;
  readonly #keys: ReadonlyMap<string, Uint8Array>;

  constructor(config: Config) {
    super();
    const entries = config.ENCRYPTION_KEYS.split(',').map((entry) => {
      const [id, secret] = entry.split(':') as [string, string];
      return [id, new Uint8Array(hkdfSync('sha256', Buffer.from(secret, 'base64'), '', 'data keys', 32))] as const;
    });
    this.currentKekId = entries[0]![0];
    this.#keys = new Map(entries);
  }

  async wrap(dataKey: Uint8Array, context: DataKeyContext): Promise<WrappedKey> {
    return {
      kekId: this.currentKekId,
      wrapped: seal(dataKey, this.#kek(this.currentKekId), boundTo(this.currentKekId, context)),
    };
  }

  async unwrap({ kekId, wrapped }: WrappedKey, context: DataKeyContext): Promise<Uint8Array> {
    return unseal(wrapped, this.#kek(kekId), boundTo(kekId, context));
  }

  #kek(id: string): Uint8Array {
    const kek = this.#keys.get(id);
    if (!kek) throw new KekMissing(id);
    return kek;
  }
}

function boundTo(kekId: string, { tenantId, dataKeyId }: DataKeyContext): string[] {
  return ['data-key', kekId, tenantId, dataKeyId];
}
