import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

const NONCE = 12;
const TAG = 16;

/** The ciphertext was cut, changed, moved to another place, or sealed with another key. */
export class SealBroken extends Error {
  constructor() {
    super('A sealed value does not open: it was changed, or it belongs to another place');
  }
}

/** AES-256-GCM with a random 96-bit nonce: nonce, ciphertext, 16-byte tag. One key may seal 2^32 values. */
export function seal(plaintext: Uint8Array, key: Uint8Array, boundTo: readonly string[]): Buffer {
  const nonce = randomBytes(NONCE);
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG }).setAAD(contextOf(boundTo));
  return Buffer.concat([nonce, cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
}

/** @throws SealBroken */
export function unseal(sealed: Uint8Array, key: Uint8Array, boundTo: readonly string[]): Buffer {
  if (sealed.length < NONCE + TAG) throw new SealBroken();
  const bytes = Buffer.from(sealed);
  // Without authTagLength Node takes a tag that was cut to four bytes (M18).
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, NONCE), { authTagLength: TAG })
    .setAAD(contextOf(boundTo))
    .setAuthTag(bytes.subarray(-TAG));
  try {
    return Buffer.concat([decipher.update(bytes.subarray(NONCE, -TAG)), decipher.final()]);
  } catch {
    throw new SealBroken();
  }
}

/** JSON, because joined strings could meet: ["a|b"] and ["a","b"]. */
function contextOf(parts: readonly string[]): Buffer {
  return Buffer.from(JSON.stringify(parts));
}
