import type { AwaitedFile, MediaFile } from '../../application/media/media-files.js';
import type { FileKind, MediaFailure, MediaState } from '../../domain/media.js';

export interface FileRow {
  id: string;
  kind: FileKind;
  state: MediaState;
  mime_type: string | null;
  declared_type: string | null;
  size: number | null;
  filename: string | null;
  sha256: string | null;
  store_key: string | null;
  failure: MediaFailure | null;
}

/** Of `media m`. */
export const FILE_COLUMNS = `m.id, m.kind, m.state, m.mime_type, m.declared_type, m.size::float8 as size, m.filename, encode(m.sha256, 'hex') as sha256,
  m.store_key, m.failure`;

export interface AwaitedRow {
  id: string;
  kind: FileKind;
  phone_number_id: string;
  message_id: string;
  thread_id: string | null;
  provider_media_id: string;
  declared_type: string | null;
  expected_sha256: string | null;
  tries: number;
  failure: MediaFailure | null;
  created_at: Date;
}

export const AWAITED_COLUMNS = `m.id, m.kind, m.phone_number_id, m.message_id, m.thread_id, m.provider_media_id, m.declared_type,
  encode(m.expected_sha256, 'hex') as expected_sha256, m.tries, m.failure, m.created_at`;

export function toFile(row: FileRow): MediaFile {
  return {
    mediaId: row.id,
    kind: row.kind,
    state: row.state,
    mimeType: row.mime_type ?? undefined,
    declaredType: row.declared_type ?? undefined,
    size: row.size ?? undefined,
    filename: row.filename ?? undefined,
    sha256: bytesOf(row.sha256),
    storeKey: row.store_key ?? undefined,
    failure: row.failure ?? undefined,
  };
}

export function toAwaited(row: AwaitedRow): AwaitedFile {
  return {
    mediaId: row.id,
    kind: row.kind,
    phoneNumberId: row.phone_number_id,
    messageId: row.message_id,
    threadId: row.thread_id ?? undefined,
    providerMediaId: row.provider_media_id,
    declaredType: row.declared_type ?? undefined,
    expectedSha256: bytesOf(row.expected_sha256),
    tries: row.tries,
    failure: row.failure ?? undefined,
    since: row.created_at,
  };
}

function bytesOf(hex: string | null): Uint8Array | undefined {
  return hex === null ? undefined : Buffer.from(hex, 'hex');
}
