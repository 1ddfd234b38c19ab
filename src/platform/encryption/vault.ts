import { Injectable } from '@nestjs/common';
import { TenantScope } from '../database/tenant-scope.js';
import { seal, SealBroken, unseal } from './aead.js';
import { DataKeys } from './data-keys.js';

/** Where a sealed value stands. It opens there and nowhere else. */
export interface Place {
  readonly table: string;
  readonly column: string;
  readonly row: string;
}

const VERSION = 1;
const KEY_ID = 16;

/**
 * Seals secrets of the current tenant for the database: one byte of version, 16 of data key id, then nonce, ciphertext and tag,
 * bound to tenant, table, column and row (reliability 1.9, C31).
 */
@Injectable()
export class Vault {
  constructor(
    private readonly dataKeys: DataKeys,
    private readonly scope: TenantScope,
  ) {}

  async seal(plaintext: string, place: Place): Promise<Uint8Array<ArrayBuffer>> {
    const key = await this.dataKeys.current();
    const sealed = seal(Buffer.from(plaintext), key.bytes, this.#boundTo(key.id, place));
    return new Uint8Array(Buffer.concat([Buffer.of(VERSION), Buffer.from(key.id.replaceAll('-', ''), 'hex'), sealed]));
  }

  /** @throws SealBroken when it was changed, or sealed for another tenant or place */
  async open(sealed: Uint8Array, place: Place): Promise<string> {
    if (sealed[0] !== VERSION || sealed.length < 1 + KEY_ID) throw new SealBroken();
    const key = await this.dataKeys.byId(uuidOf(sealed.subarray(1, 1 + KEY_ID)));
    return unseal(sealed.subarray(1 + KEY_ID), key.bytes, this.#boundTo(key.id, place)).toString();
  }

  #boundTo(keyId: string, { table, column, row }: Place): string[] {
    return [`v${VERSION}`, keyId, this.scope.tenantId, table, column, row];
  }
}

function uuidOf(bytes: Uint8Array): string {
  return Buffer.from(bytes)
    .toString('hex')
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
