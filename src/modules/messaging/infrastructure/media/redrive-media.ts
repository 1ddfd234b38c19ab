import { Injectable } from '@nestjs/common';
import { Redrive, Redrives } from '../../../../platform/dead-letters/redrive.js';
import { GivenUpMedia } from '../../application/media/fetch-media-again.js';
import { MEDIA_LETTER } from '../../application/media/fetch-media.js';

@Injectable()
@Redrives(MEDIA_LETTER)
export class RedriveMedia extends Redrive {
  constructor(private readonly givenUp: GivenUpMedia) {
    super();
  }

  redrive(mediaId: string): Promise<boolean> {
    return this.givenUp.awaitAgain(mediaId);
  }
}
