import { createHash, randomBytes } from 'node:crypto';
import { newId, tenantId, type TenantId } from '../../../../kernel/ids.js';

/** A refresh token as its owner holds it. Opaque; names its tenant and itself, and carries 256 random bits. */
export interface RefreshToken {
  readonly tenantId: TenantId;
  readonly id: string;
  /** SHA-256 of the secret, in hex. */
  readonly hash: string;
}

const PREFIX = 'ndr_';
const UUID = 16;
const SECRET = 32;

export function newRefreshToken(tenant: TenantId): RefreshToken & { readonly text: string } {
  const id = newId();
  const secret = randomBytes(SECRET);
  return {
    tenantId: tenant,
    id,
    hash: digestOf(secret),
    text: PREFIX + Buffer.concat([bytesOf(tenant), bytesOf(id), secret]).toString('base64url'),
  };
}

export function readRefreshToken(text: string): RefreshToken | undefined {
  const bytes = Buffer.from(text.slice(PREFIX.length), 'base64url');
  if (!text.startsWith(PREFIX) || bytes.length !== UUID + UUID + SECRET) return undefined;
  return {
    tenantId: tenantId(uuidOf(bytes.subarray(0, UUID))),
    id: uuidOf(bytes.subarray(UUID, 2 * UUID)),
    hash: digestOf(bytes.subarray(2 * UUID)),
  };
}

function digestOf(secret: Uint8Array): string {
  return createHash('sha256').update(secret).digest('hex');
}

function bytesOf(uuid: string): Buffer {
  return Buffer.from(uuid.replaceAll('-', ''), 'hex');
}

function uuidOf(bytes: Buffer): string {
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
