import { Injectable } from '@nestjs/common';
import { newId } from '../../../../kernel/ids.js';
import { Queries } from '../../../../platform/cqrs/commands.js';
import { TenantScope } from '../../../../platform/database/tenant-scope.js';
import { RefreshFamily } from '../../domain/refresh-family.js';
import type { UserState } from '../../domain/user.js';
import { ShowUser } from '../users/show-user.js';
import type { UserView } from '../users/user-view.js';
import { AccessTokens } from './access-tokens.js';
import { RefreshFamilies } from './refresh-families.js';
import { newRefreshToken } from './refresh-token.js';
import { SessionClock } from './session-clock.js';

/** What a log-in or a refresh answers (contract 4). */
export interface SessionView {
  /** 15 minutes good. */
  readonly accessToken: string;
  /** Good for one use within 30 days. */
  readonly refreshToken: string;
  /** Seconds until the access token ends. */
  readonly expiresIn: number;
  readonly user: UserView;
}

/** Writes sessions in the open transaction of the user's tenant. */
@Injectable()
export class OpenSession {
  constructor(
    private readonly scope: TenantScope,
    private readonly families: RefreshFamilies,
    private readonly accessTokens: AccessTokens,
    private readonly queries: Queries,
    private readonly clock: SessionClock,
  ) {}

  async begin(user: UserState): Promise<SessionView> {
    await this.families.forgetExpired(user.id);
    const token = newRefreshToken(this.scope.tenantId);
    const family = RefreshFamily.begin(newId(), user.id, token, this.clock.now());
    await this.families.save(family);
    return this.view(user, family.id, token.text);
  }

  async view({ id: userId, sessionVersion }: UserState, sessionId: string, refreshToken: string): Promise<SessionView> {
    const accessToken = await this.accessTokens.issue({
      tenantId: this.scope.tenantId,
      userId,
      sessionId,
      sessionVersion,
    });
    return {
      accessToken,
      refreshToken,
      expiresIn: this.accessTokens.livesSeconds,
      user: await this.queries.execute(new ShowUser(userId)),
    };
  }
}
