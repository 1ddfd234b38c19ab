import { Injectable } from '@nestjs/common';
import { reachesAllAreas, type Role, type Scope, scopesOf } from '../../../kernel/access.js';
import { PLATFORM, type TenantId } from '../../../kernel/ids.js';
import {
  Authenticator,
  TenantSuspended,
  Unauthenticated,
  type ApiKeyPrincipal,
  type UserPrincipal,
} from '../../../platform/auth/index.js';
import { TenantDirectory } from '../../../platform/database/tenant-directory.js';
import { TenantScope } from '../../../platform/database/tenant-scope.js';
import { UnitOfWork } from '../../../platform/database/unit-of-work.js';
import { type AccessClaims, AccessTokens } from '../application/sessions/access-tokens.js';
import { EVERY_AREA } from '../domain/area-errors.js';

interface UserRow {
  /** Which of the claims it answers, from 1. */
  n: number;
  role: Role;
  tenant_status: string;
  sales_assigned_only: boolean;
  areas: { id: string; name: string }[];
}

interface KeyRow {
  id: string;
  scopes: Scope[];
  tenant_status: string;
  stale: boolean;
}

/** Asks the database at each request, by primary keys: nothing is remembered that could outlive a revocation. */
@Injectable()
export class DatabaseAuthenticator extends Authenticator {
  constructor(
    private readonly accessTokens: AccessTokens,
    private readonly directory: TenantDirectory,
    private readonly scope: TenantScope,
    private readonly unitOfWork: UnitOfWork,
  ) {
    super();
  }

  async userOf(accessToken: string): Promise<UserPrincipal> {
    const claims = await this.accessTokens.read(accessToken);
    const [user] = await this.#findUsers(claims.tenantId, [claims]);
    if (!user) throw new Unauthenticated('The session has ended: log in again.');
    if (user.tenant_status !== 'active') throw new TenantSuspended();
    return toUser(claims, user);
  }

  async usersOf(accessTokens: readonly string[]): Promise<ReadonlyMap<string, UserPrincipal>> {
    const read = await Promise.all(
      accessTokens.map(async (token) => {
        const claims = await this.accessTokens.read(token).catch((error: unknown) => {
          if (error instanceof Unauthenticated) return undefined;
          throw error;
        });
        return claims ? [{ token, ...claims }] : [];
      }),
    );
    const users = new Map<string, UserPrincipal>();
    for (const [tenantId, claims] of Map.groupBy(read.flat(), (claim) => claim.tenantId))
      for (const user of await this.#findUsers(tenantId, claims)) {
        const claim = claims[user.n - 1]!;
        if (user.tenant_status === 'active') users.set(claim.token, toUser(claim, user));
      }
    return users;
  }

  async holderOf(apiKey: string): Promise<ApiKeyPrincipal> {
    const digest = TenantDirectory.digest(apiKey);
    const tenantId = await this.directory.find('api_key', digest);
    const key = tenantId && (await this.#inside(tenantId, () => this.#findKey(tenantId, Buffer.from(digest, 'hex'))));
    if (!key) throw new Unauthenticated('There is no such API key, or it was revoked.');
    if (key.tenant_status !== 'active') throw new TenantSuspended();
    return { kind: 'api-key', tenantId, apiKeyId: key.id, scopes: new Set(key.scopes), areas: 'all' };
  }

  async knowsTenant(tenant: TenantId): Promise<boolean> {
    const rows = await this.#inside(PLATFORM, () =>
      this.unitOfWork.runSql((sql) => sql.query('select 1 as one from tenant where id = $1::uuid', [tenant])),
    );
    return rows.length > 0;
  }

  #findUsers(tenantId: TenantId, claims: readonly AccessClaims[]): Promise<UserRow[]> {
    return this.#inside(tenantId, () =>
      this.unitOfWork.runSql((sql) =>
        // A session whose refresh family was revoked is over, and so are its access tokens.
        sql.query<UserRow>(
          `select c.n::int as n, u.role, t.status as tenant_status, t.sales_assigned_only,
             coalesce((select json_agg(json_build_object('id', a.id, 'name', a.name)) from user_area ua
               join area a on a.tenant_id = ua.tenant_id and a.id = ua.area_id
               where ua.tenant_id = u.tenant_id and ua.user_id = u.id), '[]') as areas
           from unnest($2::uuid[], $3::bigint[], $4::uuid[]) with ordinality as c (user_id, session_version, session_id, n)
           join app_user u on u.tenant_id = $1::uuid and u.id = c.user_id join tenant t on t.id = u.tenant_id
           where u.status = 'active' and u.session_version = c.session_version
             and not exists (select from refresh_token r
               where r.tenant_id = $1::uuid and r.family_id = c.session_id and r.revoked_at is not null)`,
          [
            tenantId,
            claims.map(({ userId }) => userId),
            claims.map(({ sessionVersion }) => sessionVersion),
            claims.map(({ sessionId }) => sessionId),
          ],
        ),
      ),
    );
  }

  #findKey(tenantId: TenantId, digest: Buffer): Promise<KeyRow | undefined> {
    return this.unitOfWork.runSql(async (sql) => {
      const rows = await sql.query<KeyRow>(
        `select k.id, k.scopes, t.status as tenant_status, (k.last_used_at is null or k.last_used_at < now() - interval '1 minute') as stale
         from api_key k join tenant t on t.id = k.tenant_id where k.tenant_id = $1::uuid and k.secret_hash = $2 and k.revoked_at is null`,
        [tenantId, digest],
      );
      // Once a minute at most, and never waiting: a busy key must not become a line of requests.
      if (rows[0]?.stale) {
        await sql.query(
          `update api_key set last_used_at = now() where (tenant_id, id) in
             (select tenant_id, id from api_key where tenant_id = $1::uuid and id = $2::uuid for update skip locked)`,
          [tenantId, rows[0].id],
        );
      }
      return rows[0];
    });
  }

  #inside<T>(tenant: TenantId, work: () => Promise<T>): Promise<T> {
    return this.scope.run(tenant, work);
  }
}

function toUser({ tenantId, userId, sessionId }: AccessClaims, user: UserRow): UserPrincipal {
  const everywhere = reachesAllAreas(user.role) || user.areas.some(({ name }) => name === EVERY_AREA);
  return {
    kind: 'user',
    tenantId,
    userId,
    sessionId,
    role: user.role,
    scopes: scopesOf(user.role),
    areas: everywhere ? 'all' : user.areas.map(({ id }) => id),
    salesAssignedOnly: user.sales_assigned_only,
  };
}
