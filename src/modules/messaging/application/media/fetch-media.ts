import { Injectable, Logger } from '@nestjs/common';
import { Clock } from '../../../../kernel/clock.js';
import { TenantScope } from '../../../../platform/database/tenant-scope.js';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';
import { DeadLetters } from '../../../../platform/dead-letters/dead-letters.js';
import {
  FileTooLarge,
  mediaKey,
  MediaStore,
  MediaStoreUnavailable,
  WrongDigest,
} from '../../../../platform/media-store/media-store.js';
import { FetchCutShort, type FetchedFile } from '../../../../platform/media-store/safe-fetch.js';
import { TenantEvents } from '../../../../platform/realtime/tenant-events.js';
import { afterFault, type MediaFault, type MediaState } from '../../domain/media.js';
import { LARGEST_FETCHED } from '../../domain/media-types.js';
import { Senders } from '../outbound/senders.js';
import type { Sender } from '../outbound/whatsapp.js';
import { FileInspection } from './file-inspection.js';
import { type AwaitedFile, type KeptBytes, MediaFiles } from './media-files.js';
import { peek } from './peek.js';
import { type ProviderFile, ProviderMedia, type ProviderRefusal } from './provider-media.js';

/** Kind of the dead letters of files that were given up. */
export const MEDIA_LETTER = 'media';

/** A link is asked for anew so often within one try (F10). */
const LINKS_A_TRY = 2;

const NO_TOKEN: MediaFault = { code: 'CREDENTIAL', detail: 'The number has no token that works' };

/**
 * Fetches one file of a customer and keeps it (S1.5, S1.44): link, bytes, type, digest, store, books. Dies anywhere: the books still await
 * the file, and it is fetched again to the same place. No transaction is open while it asks or writes.
 */
@Injectable()
export class FetchMedia {
  readonly #logger = new Logger(FetchMedia.name);

  constructor(
    private readonly provider: ProviderMedia,
    private readonly store: MediaStore,
    private readonly inspection: FileInspection,
    private readonly files: MediaFiles,
    private readonly senders: Senders,
    private readonly events: TenantEvents,
    private readonly deadLetters: DeadLetters,
    private readonly unitOfWork: UnitOfWork,
    private readonly scope: TenantScope,
    private readonly clock: Clock,
  ) {}

  /** @param signal when it is aborted nothing is noted: the file stays due */
  async fetch(file: AwaitedFile, reader: Sender | undefined, signal: AbortSignal): Promise<void> {
    const outcome = reader ? await this.#get(file, reader, signal) : NO_TOKEN;
    if ('storeKey' in outcome) return this.#keep(file, outcome);
    if (!signal.aborted) await this.#fail(file, outcome);
  }

  async #get(file: AwaitedFile, reader: Sender, signal: AbortSignal): Promise<KeptBytes | MediaFault> {
    for (let link = 1; ; link++) {
      const found = await this.provider.find(reader, file.providerMediaId);
      if (found.kind === 'credential')
        await this.senders.refuseCredential(
          reader.accountId,
          reader.credentialVersion,
          `${found.code}: ${found.detail}`,
        );
      if (found.kind !== 'done') return faultOf(found);
      const { size, url } = found.result;
      if (size !== undefined && size > LARGEST_FETCHED) return tooLarge;
      const fetched = await this.provider.download(reader, url, { maxBytes: LARGEST_FETCHED, signal });
      if (fetched.kind === 'file') return this.#store(file, found.result, fetched);
      const fault = faultOfDownload(fetched);
      if (fault.code !== 'LINK_EXPIRED' || link === LINKS_A_TRY) return fault;
    }
  }

  async #store(
    file: AwaitedFile,
    { sha256: described, mimeType: declared }: ProviderFile,
    fetched: FetchedFile & { kind: 'file' },
  ): Promise<KeptBytes | MediaFault> {
    try {
      const { head, bytes } = await peek(fetched.bytes, this.inspection.headSize);
      const mimeType = await this.inspection.typeOf(head, { type: file.declaredType ?? declared });
      const storeKey = mediaKey(this.scope.tenantId, file.mediaId);
      // Before it stands in its place: another worker that took over may have kept the right bytes there.
      const announced = file.expectedSha256 ?? described;
      const limits = { maxBytes: LARGEST_FETCHED, mimeType, sha256: announced };
      return { storeKey, mimeType, ...(await this.store.put(storeKey, bytes, limits)) };
    } catch (error) {
      if (error instanceof FileTooLarge) return tooLarge;
      if (error instanceof WrongDigest) return { code: 'HASH_MISMATCH', detail: error.message };
      if (error instanceof FetchCutShort) return { code: error.code, detail: 'The download was cut short' };
      if (!(error instanceof MediaStoreUnavailable)) this.#logger.error(error);
      return { code: 'STORE', detail: 'The file could not be written' };
    } finally {
      fetched.bytes.destroy();
    }
  }

  #keep(file: AwaitedFile, kept: KeptBytes): Promise<void> {
    return this.unitOfWork.runSql(async () => {
      if (await this.files.keep(file.mediaId, kept)) await this.#tell(file, 'stored');
    });
  }

  #fail(file: AwaitedFile, fault: MediaFault): Promise<void> {
    return this.unitOfWork.runSql(async () => {
      const after = afterFault(file, fault, this.clock.now());
      this.#logger.warn(`File ${file.mediaId} was not fetched (try ${after.tries}): ${fault.code}, ${fault.detail}`);
      if (!(await this.files.noteFault(file.mediaId, after)) || after.state === 'pending') return;
      await this.deadLetters.bury({
        kind: MEDIA_LETTER,
        subjectId: file.mediaId,
        reason: fault.code,
        lastError: fault.detail,
      });
      await this.#tell(file, 'failed');
    });
  }

  #tell({ mediaId, messageId, threadId, phoneNumberId }: AwaitedFile, state: MediaState): Promise<void> {
    return this.events.append([
      {
        name: 'whatsapp-message-status',
        phoneNumberId,
        threadId,
        payload: { conversationId: threadId ?? null, phoneNumberId, messageId, media: { mediaId, state } },
      },
    ]);
  }
}

const tooLarge: MediaFault = { code: 'TOO_LARGE', detail: `The file has more than ${LARGEST_FETCHED} bytes` };

function faultOf({ kind, code, detail }: ProviderRefusal): MediaFault {
  const told = `${code}: ${detail}`;
  switch (kind) {
    case 'gone':
      return { code: 'GONE', detail: told };
    case 'refused':
      return { code: 'REFUSED', detail: told };
    case 'credential':
      return { code: 'CREDENTIAL', detail: told };
    case 'try-again':
      return { code: 'PROVIDER_ERROR', detail: told };
  }
}

function faultOfDownload({ code, status }: FetchedFile & { kind: 'refused' }): MediaFault {
  const detail = status === undefined ? 'The file did not come' : `The file's host answered ${status}`;
  switch (code) {
    // Meta answers 404 to a link that is over; its file hosts answer 403 to a seal that is.
    case 'GONE':
    case 'FORBIDDEN':
      return { code: 'LINK_EXPIRED', detail };
    case 'TOO_LARGE':
      return tooLarge;
    case 'HOST_REFUSED':
      return { code, detail: 'The link leads to a place where the token may not go' };
    default:
      return { code, detail };
  }
}
