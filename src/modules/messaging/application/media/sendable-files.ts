import { Injectable } from '@nestjs/common';
import type { InboxAccess } from '../../../../kernel/inbox-access.js';
import { isPublicLink } from '../../../../platform/media-store/public-address.js';
import { LinkNotPublic, MediaNotFound, MediaNotSendable } from '../../domain/media-errors.js';
import { isSendableAs, LARGEST } from '../../domain/media-types.js';
import type { MediaKind, MessageContent } from '../../domain/message-content.js';
import { linkOf, ownFileOf } from '../../domain/own-file.js';
import { type MediaFile, MediaFiles } from './media-files.js';

/** Asked before a message is queued that shows a file. */
@Injectable()
export class SendableFiles {
  constructor(private readonly files: MediaFiles) {}

  /**
   * Of ours, whoever sends it must see it, or he could read it off the message.
   * @param actor as `actorOf` names whoever sends
   * @throws LinkNotPublic, MediaNotFound, MediaNotSendable when it is not here or WhatsApp does not take it as that kind
   */
  async check(access: InboxAccess, actor: string, content: MessageContent): Promise<void> {
    checkLink(linkOf(content));
    const wanted = ownFileOf(content);
    if (!wanted) return;
    const file = UUID.test(wanted.mediaId) ? await this.files.findSeen(access, actor, wanted.mediaId) : undefined;
    checkFile(file, wanted.kind);
  }

  /** What the merchant says itself, whoever set it off: its people chose the file. @throws LinkNotPublic, MediaNotFound, MediaNotSendable */
  async checkOwn(content: MessageContent): Promise<void> {
    const file = ownFileOf(content);
    (await this.known(file ? [file.mediaId] : [])).check(content);
  }

  /** The merchant's files with these ids, as they stand now. */
  async known(mediaIds: readonly string[]): Promise<KnownFiles> {
    const ids = mediaIds.filter((id) => UUID.test(id));
    const files = ids.length === 0 ? [] : await this.files.among(ids);
    return new KnownFiles(new Map(files.map((file) => [file.mediaId, file])));
  }
}

/** Files as they stood when they were looked up: many contents are judged without asking again. */
export class KnownFiles {
  constructor(private readonly files: ReadonlyMap<string, MediaFile>) {}

  /** @throws LinkNotPublic, MediaNotFound, MediaNotSendable */
  check(content: MessageContent): void {
    checkLink(linkOf(content));
    const wanted = ownFileOf(content);
    if (wanted) checkFile(this.files.get(wanted.mediaId.toLowerCase()), wanted.kind);
  }
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

function checkLink(link: string | undefined): void {
  // One that is no address at all is told with the other faults of the content.
  if (link !== undefined && URL.canParse(link) && !isPublicLink(new URL(link))) throw new LinkNotPublic();
}

function checkFile(file: MediaFile | undefined, kind: MediaKind): void {
  if (!file) throw new MediaNotFound();
  if (file.state !== 'stored') throw new MediaNotSendable(`The file is ${file.state}.`);
  if (!isSendableAs(file.mimeType ?? '', kind))
    throw new MediaNotSendable(`A file of type ${file.mimeType} cannot be sent as ${kind}.`);
  const limit = LARGEST[kind];
  if ((file.size ?? 0) > limit) throw new MediaNotSendable(`A file that is sent as ${kind} has up to ${limit} bytes.`);
}
