import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Injectable } from '@nestjs/common';
import { Clock } from '../../../../kernel/clock.js';
import type { InboxAccess } from '../../../../kernel/inbox-access.js';
import { TenantScope } from '../../../../platform/database/tenant-scope.js';
import { Lanes } from '../../../../platform/lanes/lanes.js';
import { MediaNotFailed, MediaNotFound } from '../../domain/media-errors.js';
import { MEDIA_FETCH } from './media-fetch-lane.js';
import { MediaFiles } from './media-files.js';
import { MediaLinks } from './media-links.js';
import type { MediaView } from './media-view.js';

/** Files that were given up, and are fetched after all. */
@Injectable()
export class GivenUpMedia {
  constructor(
    private readonly files: MediaFiles,
    private readonly lanes: Lanes,
    private readonly scope: TenantScope,
    private readonly clock: Clock,
  ) {}

  /** @returns false when it was not given up */
  async awaitAgain(mediaId: string): Promise<boolean> {
    const phoneNumberId = await this.files.awaitAgain(mediaId);
    if (phoneNumberId === undefined) return false;
    const { tenantId } = this.scope;
    await this.lanes.ring(MEDIA_FETCH, [{ key: phoneNumberId, tenantId, dueAt: this.clock.now() }]);
    return true;
  }
}

/** Tries a file that was given up once more. @throws MediaNotFound, MediaNotFailed */
export class FetchMediaAgain extends Command<MediaView> {
  constructor(
    readonly access: InboxAccess,
    readonly actor: string,
    readonly mediaId: string,
  ) {
    super();
  }
}

@CommandHandler(FetchMediaAgain)
export class FetchMediaAgainHandler implements ICommandHandler<FetchMediaAgain> {
  constructor(
    private readonly files: MediaFiles,
    private readonly givenUp: GivenUpMedia,
    private readonly links: MediaLinks,
  ) {}

  async execute({ access, actor, mediaId }: FetchMediaAgain): Promise<MediaView> {
    const file = await this.files.findSeen(access, actor, mediaId);
    if (!file) throw new MediaNotFound();
    if (file.state !== 'failed' || !(await this.givenUp.awaitAgain(mediaId))) throw new MediaNotFailed(file.state);
    return this.links.viewOf({ ...file, state: 'pending' });
  }
}
