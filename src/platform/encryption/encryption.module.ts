import { Global, Module } from '@nestjs/common';
import { DataKeys } from './data-keys.js';
import { KeyEncryption } from './key-encryption.js';
import { KeyRing } from './key-ring.js';
import { Vault } from './vault.js';

/** A key management service replaces `KeyRing` here. */
@Global()
@Module({ providers: [{ provide: KeyEncryption, useClass: KeyRing }, DataKeys, Vault], exports: [DataKeys, Vault] })
export class EncryptionModule {}
