import { Injectable } from '@nestjs/common';
import { TenantScope } from '../../../../platform/database/tenant-scope.js';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';
import { Redrive, Redrives } from '../../../../platform/dead-letters/redrive.js';
import { GivenUpMedia } from '../../application/media/fetch-media-again.js';
import { MEDIA_LETTER } from '../../application/media/fetch-media.js';
import { MEDIA_KEPT_MS, MEDIA_WAITS } from '../../domain/media.js';

@Injectable()
@Redrives(MEDIA_LETTER)
export class RedriveMedia extends Redrive {
  override readonly policies = [
    {
      work: 'A file that a customer sent',
      waitsSeconds: MEDIA_WAITS.map((milliseconds) => milliseconds / 1000),
      repeatedForDays: MEDIA_KEPT_MS / 86_400_000,
    },
  ];

  constructor(
    private readonly givenUp: GivenUpMedia,
    private readonly unitOfWork: UnitOfWork,
    private readonly scope: TenantScope,
  ) {
    super();
  }

  redrive(mediaId: string): Promise<boolean> {
    return this.givenUp.awaitAgain(mediaId);
  }

  override async contentOf(mediaId: string): Promise<unknown> {
    const [file] = await this.unitOfWork.sql.query(
      `select kind, state, message_id as "messageId", declared_type as "declaredType", tries, failure, created_at as "createdAt"
       from media where tenant_id = $1::uuid and id = $2::uuid`,
      [this.scope.tenantId, mediaId],
    );
    return file;
  }
}
