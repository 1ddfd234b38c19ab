import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { TenantScope } from '../../../../platform/database/tenant-scope.js';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';
import { ContactNotFound } from '../../domain/contact-errors.js';
import type { Identity } from '../../domain/identity.js';

export interface ContactView {
  readonly id: string;
  /** The merchant's name for them, else the one that they gave on WhatsApp. */
  readonly name: string | null;
  readonly profileName: string | null;
  readonly lastSeenAt: Date | null;
  readonly identities: readonly Identity[];
}

/** A contact with all of their identities (C61); an absorbed one answers with the contact that it became. @throws ContactNotFound */
export class FindContact extends Query<ContactView> {
  constructor(readonly contactId: string) {
    super();
  }
}

@QueryHandler(FindContact)
export class FindContactHandler implements IQueryHandler<FindContact> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly scope: TenantScope,
  ) {}

  async execute({ contactId }: FindContact): Promise<ContactView> {
    const [contact] = await this.unitOfWork.sql.query<ContactView>(
      `select c.id, coalesce(c.name, c.profile_name) as name, c.profile_name as "profileName", c.last_seen_at as "lastSeenAt",
         coalesce((select jsonb_agg(jsonb_build_object('kind', i.kind, 'value', i.value) order by i.kind, i.value)
           from contact_identity i where i.tenant_id = c.tenant_id and i.contact_id = c.id), '[]'::jsonb) as identities
       from contact asked
       join contact c on c.tenant_id = asked.tenant_id and c.id = case when asked.merged_into_id is null then asked.id else asked.merged_into_id end
       where asked.tenant_id = $1::uuid and asked.id = $2::uuid`,
      [this.scope.tenantId, contactId],
    );
    if (!contact) throw new ContactNotFound();
    return contact;
  }
}
