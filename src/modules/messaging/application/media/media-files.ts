import type { InboxAccess } from '../../../../kernel/inbox-access.js';
import type { AfterFault, FileKind, MediaFailure, MediaState } from '../../domain/media.js';

/** A file as it stands in the books. */
export interface MediaFile {
  readonly mediaId: string;
  readonly kind: FileKind;
  readonly state: MediaState;
  readonly mimeType: string | undefined;
  readonly declaredType: string | undefined;
  readonly size: number | undefined;
  readonly filename: string | undefined;
  readonly sha256: Uint8Array | undefined;
  readonly storeKey: string | undefined;
  readonly failure: MediaFailure | undefined;
}

/** A customer's file that has to be fetched. */
export interface AwaitedFile {
  readonly mediaId: string;
  readonly kind: FileKind;
  readonly phoneNumberId: string;
  readonly messageId: string;
  readonly threadId: string | undefined;
  readonly providerMediaId: string;
  readonly declaredType: string | undefined;
  readonly expectedSha256: Uint8Array | undefined;
  readonly tries: number;
  readonly failure: MediaFailure | undefined;
  readonly since: Date;
}

export interface NewInboundFile {
  readonly messageId: string;
  readonly threadId: string | undefined;
  readonly phoneNumberId: string;
  readonly kind: FileKind;
  readonly providerMediaId: string;
  readonly declaredType: string | undefined;
  readonly filename: string | undefined;
  readonly expectedSha256: Uint8Array | undefined;
}

export interface KeptBytes {
  readonly storeKey: string;
  readonly mimeType: string;
  readonly size: number;
  readonly sha256: Uint8Array;
}

export interface NewUpload extends KeptBytes {
  readonly mediaId: string;
  readonly kind: FileKind;
  readonly filename: string | undefined;
  /** As `actorOf` names whoever uploads. */
  readonly createdBy: string;
}

/** The books of files: every method works in the open transaction. */
export abstract class MediaFiles {
  /** Notes that a customer's file has to be fetched. @returns false when that message's file is known */
  abstract await(file: NewInboundFile): Promise<boolean>;
  abstract addUpload(upload: NewUpload): Promise<void>;
  /** An upload of the same bytes, kind and name by the same person, and where any upload of the tenant keeps these bytes. */
  abstract findSame(
    upload: Pick<NewUpload, 'sha256' | 'kind' | 'filename' | 'createdBy' | 'mimeType'>,
  ): Promise<{ readonly same: MediaFile | undefined; readonly storeKey: string | undefined }>;
  /** Customers' files are seen with their thread; uploads by whoever uploaded them, and by whoever sees a message that shows them. */
  abstract findSeen(access: InboxAccess, actor: string, mediaId: string): Promise<MediaFile | undefined>;
  abstract find(mediaId: string): Promise<MediaFile | undefined>;
  /** Those of the tenant that have these ids, which are UUIDs. */
  abstract among(mediaIds: readonly string[]): Promise<readonly MediaFile[]>;
  abstract ofMessages(messageIds: readonly string[]): Promise<ReadonlyMap<string, MediaFile>>;
  /** Remembers which messages show which files. */
  abstract addUses(uses: readonly { readonly messageId: string; readonly mediaId: string }[]): Promise<void>;

  /** The number's next file that is due now, but for those. */
  abstract nextAwaited(phoneNumberId: string, but: readonly string[]): Promise<AwaitedFile | undefined>;
  /** When the number's next file is due. */
  abstract nextDue(phoneNumberId: string): Promise<Date | undefined>;
  /** @returns false when it is not awaited any more */
  abstract keep(mediaId: string, kept: KeptBytes): Promise<boolean>;
  /** @returns false when it is not awaited any more */
  abstract noteFault(mediaId: string, after: AfterFault): Promise<boolean>;
  /** Makes a file that was given up awaited again. @returns its number; undefined when it was not given up */
  abstract awaitAgain(mediaId: string): Promise<string | undefined>;
  /** Makes due what waits for the account's token. @returns the numbers concerned */
  abstract hurry(accountId: string): Promise<string[]>;

  /** The provider's id of a file of ours, if the provider still has it for this number. */
  abstract copyAt(phoneNumberId: string, mediaId: string): Promise<string | undefined>;
  abstract noteCopy(
    phoneNumberId: string,
    mediaId: string,
    copy: { readonly providerMediaId: string; readonly until: Date },
  ): Promise<void>;
}
