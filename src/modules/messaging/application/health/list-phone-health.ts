import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { Clock } from '../../../../kernel/clock.js';
import type { InboxAccess } from '../../../../kernel/inbox-access.js';
import { seenNumbers } from '../../../../platform/auth/index.js';
import { TenantScope } from '../../../../platform/database/tenant-scope.js';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';
import { Lanes } from '../../../../platform/lanes/lanes.js';
import { ageOf, CACHED_MS, judge } from '../../domain/health/phone-health.js';
import { PHONE_HEALTH } from './phone-health-lane.js';
import type { PhoneHealthView } from './phone-health-view.js';

/** How the numbers are that the caller sees (S1.58, S1.62), served from the last reading; what is old is asked for again meanwhile (S1.60). */
export class ListPhoneHealth extends Query<PhoneHealthView[]> {
  constructor(readonly access: InboxAccess) {
    super();
  }
}

interface Row {
  phone_number_id: string;
  display_phone_number: string;
  name: string | null;
  status_here: string;
  account_status: string;
  quality_rating: string | null;
  status: string | null;
  throughput: string | null;
  messaging_tier: string | null;
  read_at: Date | null;
}

@QueryHandler(ListPhoneHealth)
export class ListPhoneHealthHandler implements IQueryHandler<ListPhoneHealth> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly scope: TenantScope,
    private readonly lanes: Lanes,
    private readonly clock: Clock,
  ) {}

  async execute({ access }: ListPhoneHealth): Promise<PhoneHealthView[]> {
    const now = this.clock.now();
    const seen = seenNumbers(access, 'n', 1);
    const rows = await this.unitOfWork.sql.query<Row>(
      `select n.phone_number_id, n.display_phone_number, coalesce(n.display_name, n.verified_name) as name, n.status as status_here,
         a.status as account_status, last.quality_rating, last.status, last.throughput, last.messaging_tier, read.taken_at as read_at
       from phone_number n join whatsapp_account a on a.tenant_id = n.tenant_id and a.id = n.account_id
       left join lateral (select * from phone_health h where h.tenant_id = n.tenant_id and h.phone_number_id = n.phone_number_id
         order by h.taken_at desc limit 1) last on true
       left join lateral (select h.taken_at from phone_health h where h.tenant_id = n.tenant_id and h.phone_number_id = n.phone_number_id
         and h.source = 'poll' order by h.taken_at desc limit 1) read on true
       where n.status <> 'disconnected' and ${seen.sql} order by n.phone_number_id`,
      [...seen.parameters],
    );
    const { tenantId } = this.scope;
    await this.lanes.ring(
      PHONE_HEALTH,
      rows
        .filter((row) => ageOf(row.read_at, now) !== 'fresh')
        .map((row) => ({ key: row.phone_number_id, tenantId, dueAt: now })),
    );
    return rows.map((row) => toView(row, now));
  }
}

function toView(row: Row, now: Date): PhoneHealthView {
  const { verdict, reasons } = judge(
    {
      qualityRating: row.quality_rating,
      status: row.status,
      throughput: row.throughput,
      messagingTier: row.messaging_tier,
    },
    { paused: row.status_here === 'paused', credentialRefused: row.account_status === 'credential_refused' },
  );
  return {
    phoneNumberId: row.phone_number_id,
    displayPhoneNumber: row.display_phone_number,
    name: row.name,
    quality: row.quality_rating,
    status: row.status,
    throughput: row.throughput,
    messagingTier: row.messaging_tier,
    verdict,
    reasons,
    takenAt: row.read_at,
    cacheEndsAt: row.read_at && new Date(row.read_at.getTime() + CACHED_MS),
    stale: ageOf(row.read_at, now) === 'stale',
  };
}
