import type { FileKind, MediaFailure, MediaState } from '../../domain/media.js';

/** A file as people see it. */
export interface MediaView {
  readonly mediaId: string;
  readonly kind: FileKind;
  readonly state: MediaState;
  /** As the bytes say; as the sender said while they are not here. */
  readonly mimeType: string | null;
  /** Bytes. */
  readonly size: number | null;
  readonly filename: string | null;
  /** Hex. */
  readonly sha256: string | null;
  /** A path of this API that opens the file for ten minutes without a credential; null while it is not here. */
  readonly url: string | null;
  /** What the last try ended with; also while it is tried again. */
  readonly failure: Pick<MediaFailure, 'code' | 'detail'> | null;
}
