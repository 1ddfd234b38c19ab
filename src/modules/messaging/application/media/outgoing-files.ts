import { Injectable } from '@nestjs/common';
import { setTimeout as delay } from 'node:timers/promises';
import { Clock } from '../../../../kernel/clock.js';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';
import { MediaStore } from '../../../../platform/media-store/media-store.js';
import type { MessageContent } from '../../domain/message-content.js';
import { ownFileOf, withProviderFile } from '../../domain/own-file.js';
import type { SendOutcome } from '../../domain/send-outcome.js';
import type { Sender } from '../outbound/whatsapp.js';
import { MediaFiles } from './media-files.js';
import { type ProviderAnswer, ProviderMedia, type ProviderRefusal } from './provider-media.js';

/** The provider keeps uploads for 30 days. */
const KEPT_MS = 29 * 24 * 60 * 60 * 1000;

export type Placed =
  | { readonly kind: 'placed'; readonly content: MessageContent }
  /** It is being put there still. */
  | { readonly kind: 'under-way' }
  | { readonly kind: 'not-placed'; readonly outcome: SendOutcome };

type Upload = Promise<ProviderAnswer<{ readonly providerMediaId: string }>>;

/**
 * Puts files of ours at the provider before the messages that show them are posted, once a number and month. An upload that takes longer than
 * a message's claim may last goes on while the message goes back to the queue; whoever claims it next finds the file there, or joins the
 * upload. When the process dies its claims are messages that may have been sent, though these were not: the upload begins anew when they are
 * sent again.
 */
@Injectable()
export class OutgoingFiles {
  readonly #underWay = new Map<string, Upload>();

  constructor(
    private readonly provider: ProviderMedia,
    private readonly files: MediaFiles,
    private readonly store: MediaStore,
    private readonly unitOfWork: UnitOfWork,
    private readonly clock: Clock,
  ) {}

  /** @param patience milliseconds; also over when the signal aborts */
  async place(sender: Sender, content: MessageContent, patience: number, signal: AbortSignal): Promise<Placed> {
    const own = ownFileOf(content);
    if (!own) return { kind: 'placed', content };
    const over = new AbortController();
    const waited = delay(patience, undefined, { signal: AbortSignal.any([signal, over.signal]) }).catch(
      () => undefined,
    );
    const answer = await Promise.race([this.#upload(sender, own.mediaId), waited]).finally(() => over.abort());
    if (!answer) return { kind: 'under-way' };
    return answer.kind === 'done'
      ? { kind: 'placed', content: withProviderFile(content, answer.result.providerMediaId) }
      : { kind: 'not-placed', outcome: outcomeOf(answer) };
  }

  #upload(sender: Sender, mediaId: string): Upload {
    const key = `${sender.phoneNumberId} ${mediaId}`;
    const known = this.#underWay.get(key);
    if (known) return known;
    const upload = this.#put(sender, mediaId)
      .catch((error: unknown): ProviderRefusal => {
        const detail = error instanceof Error ? error.message : String(error);
        return { kind: 'try-again', code: 'MEDIA_STORE', detail };
      })
      .finally(() => this.#underWay.delete(key));
    this.#underWay.set(key, upload);
    return upload;
  }

  /** Looks for a copy itself: whoever had looked before the last upload ended would begin another. */
  async #put(sender: Sender, mediaId: string): Upload {
    const { copy, file } = await this.unitOfWork.runSql(async () => ({
      copy: await this.files.copyAt(sender.phoneNumberId, mediaId),
      file: await this.files.find(mediaId),
    }));
    if (copy !== undefined) return { kind: 'done', result: { providerMediaId: copy } };
    const stored = file?.storeKey === undefined ? undefined : await this.store.get(file.storeKey);
    if (!file || !stored)
      return { kind: 'refused', code: 'MEDIA_NOT_FOUND', detail: 'The file that the message shows is not there' };
    const { bytes, size } = stored;
    const mimeType = file.mimeType ?? 'application/octet-stream';
    const answer = await this.provider.upload(sender, { bytes, size, mimeType, filename: file.filename ?? mediaId });
    if (answer.kind === 'done') {
      const copy = { ...answer.result, until: new Date(this.clock.now().getTime() + KEPT_MS) };
      await this.unitOfWork.runSql(() => this.files.noteCopy(sender.phoneNumberId, mediaId, copy));
    }
    return answer;
  }
}

/** Without its file a message was certainly not sent. */
function outcomeOf({ kind, code, detail }: ProviderRefusal): SendOutcome {
  const error = { code, title: 'The file could not be put at the provider', detail };
  switch (kind) {
    case 'credential':
      return { kind: 'credential', error };
    case 'gone':
    case 'refused':
      return { kind: 'refused', about: 'message', error };
    case 'try-again':
      return { kind: 'not-sent', error };
  }
}
