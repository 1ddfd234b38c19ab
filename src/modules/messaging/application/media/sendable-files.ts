import { Injectable } from '@nestjs/common';
import type { InboxAccess } from '../../../../kernel/inbox-access.js';
import { MediaNotFound, MediaNotSendable } from '../../domain/media-errors.js';
import { fits } from '../../domain/media-types.js';
import type { MessageContent } from '../../domain/message-content.js';
import { ownFileOf } from '../../domain/own-file.js';
import { MediaFiles } from './media-files.js';

/** Asked before a message is queued that shows a file of ours: whoever sends it must see it, or he could read it off the message. */
@Injectable()
export class SendableFiles {
  constructor(private readonly files: MediaFiles) {}

  /**
   * @param actor as `actorOf` names whoever sends
   * @throws MediaNotFound, MediaNotSendable when it is not here or WhatsApp does not take it as that kind
   */
  async check(access: InboxAccess, actor: string, content: MessageContent): Promise<void> {
    const wanted = ownFileOf(content);
    if (!wanted) return;
    const file = UUID.test(wanted.mediaId) ? await this.files.findSeen(access, actor, wanted.mediaId) : undefined;
    if (!file) throw new MediaNotFound();
    if (file.state !== 'stored') throw new MediaNotSendable(`The file is ${file.state}.`);
    if (!fits(file.mimeType ?? '', wanted.kind))
      throw new MediaNotSendable(`A file of type ${file.mimeType} cannot be sent as ${wanted.kind}.`);
  }
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
