import { Injectable } from '@nestjs/common';
import type { InboxAccess } from '../../../../kernel/inbox-access.js';
import { isPublicLink } from '../../../../platform/media-store/public-address.js';
import { LinkNotPublic, MediaNotFound, MediaNotSendable } from '../../domain/media-errors.js';
import { isSendableAs, LARGEST } from '../../domain/media-types.js';
import type { MessageContent } from '../../domain/message-content.js';
import { linkOf, ownFileOf } from '../../domain/own-file.js';
import { MediaFiles } from './media-files.js';

/** Asked before a message is queued that shows a file: of ours, whoever sends it must see it, or he could read it off the message. */
@Injectable()
export class SendableFiles {
  constructor(private readonly files: MediaFiles) {}

  /**
   * @param actor as `actorOf` names whoever sends
   * @throws LinkNotPublic, MediaNotFound, MediaNotSendable when it is not here or WhatsApp does not take it as that kind
   */
  async check(access: InboxAccess, actor: string, content: MessageContent): Promise<void> {
    const link = linkOf(content);
    // One that is no address at all is told with the other faults of the content.
    if (link !== undefined && URL.canParse(link) && !isPublicLink(new URL(link))) throw new LinkNotPublic();
    const wanted = ownFileOf(content);
    if (!wanted) return;
    const file = UUID.test(wanted.mediaId) ? await this.files.findSeen(access, actor, wanted.mediaId) : undefined;
    if (!file) throw new MediaNotFound();
    if (file.state !== 'stored') throw new MediaNotSendable(`The file is ${file.state}.`);
    if (!isSendableAs(file.mimeType ?? '', wanted.kind))
      throw new MediaNotSendable(`A file of type ${file.mimeType} cannot be sent as ${wanted.kind}.`);
    const limit = LARGEST[wanted.kind];
    if ((file.size ?? 0) > limit)
      throw new MediaNotSendable(`A file that is sent as ${wanted.kind} has up to ${limit} bytes.`);
  }
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
