import { Injectable } from '@nestjs/common';
import type { Scope } from '../../../kernel/access.js';
import { TenantDirectory } from '../../../platform/database/tenant-directory.js';
import { TenantScope } from '../../../platform/database/tenant-scope.js';
import { UnitOfWork } from '../../../platform/database/unit-of-work.js';
import { RequestContext } from '../../../platform/http/request-context.js';
import { ApiKeys, type NewApiKey } from '../application/api-keys/api-keys.js';
import { ApiKeyNotFound } from '../domain/api-key-errors.js';

@Injectable()
export class PrismaApiKeys extends ApiKeys {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly scope: TenantScope,
    private readonly directory: TenantDirectory,
    private readonly requests: RequestContext,
  ) {
    super();
  }

  async add({ digest, scopes, ...key }: NewApiKey): Promise<void> {
    const { tenantId } = this.scope;
    await this.directory.claim('api_key', digest, tenantId);
    await this.unitOfWork.prisma.apiKey.create({
      data: {
        ...key,
        tenantId,
        scopes: [...scopes],
        secretHash: Buffer.from(digest, 'hex'),
        createdBy: this.requests.current?.actor ?? null,
      },
    });
  }

  async scopesOf(id: string): Promise<ReadonlySet<Scope>> {
    const row = await this.unitOfWork.prisma.apiKey.findUnique({ where: this.#key(id), select: { scopes: true } });
    if (!row) throw new ApiKeyNotFound();
    return new Set(row.scopes as Scope[]);
  }

  async revoke(id: string, at: Date): Promise<void> {
    const row = await this.unitOfWork.prisma.apiKey.findUnique({
      where: this.#key(id),
      select: { secretHash: true, revokedAt: true },
    });
    if (!row) throw new ApiKeyNotFound();
    if (row.revokedAt) return;
    await this.unitOfWork.prisma.apiKey.update({ where: this.#key(id), data: { revokedAt: at } });
    await this.directory.release('api_key', Buffer.from(row.secretHash).toString('hex'), this.scope.tenantId);
  }

  #key(id: string): { tenantId_id: { tenantId: string; id: string } } {
    return { tenantId_id: { tenantId: this.scope.tenantId, id } };
  }
}
