import { Injectable } from '@nestjs/common';
import { Clock } from '../../../../kernel/clock.js';
import { TenantScope } from '../../../../platform/database/tenant-scope.js';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';
import { AccountAlerts } from '../../application/health/account-alerts.js';
import { HealthSnapshots, type ToldOfNumber } from '../../application/health/health-snapshots.js';
import type { NumberReading } from '../../application/health/number-readings.js';
import {
  type HealthFacts,
  isWorse,
  judge,
  NOTHING_TOLD,
  overlay,
  type Verdict,
} from '../../domain/health/phone-health.js';

interface NumberRow {
  account_id: string;
  account_status: string;
  status: string;
}

interface SnapshotRow {
  quality_rating: string | null;
  status: string | null;
  throughput: string | null;
  messaging_tier: string | null;
  verdict: Verdict;
}

@Injectable()
export class SqlHealthSnapshots extends HealthSnapshots {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly scope: TenantScope,
    private readonly alerts: AccountAlerts,
    private readonly clock: Clock,
  ) {
    super();
  }

  read(phoneNumberId: string, { raw, ...reading }: NumberReading): Promise<void> {
    return this.#add(phoneNumberId, 'poll', reading, raw, () => reading);
  }

  told(phoneNumberId: string, told: ToldOfNumber, raw: unknown): Promise<void> {
    return this.#add(phoneNumberId, 'webhook', told, raw, (known) => overlay(known, told));
  }

  async #add(
    phoneNumberId: string,
    source: 'poll' | 'webhook',
    { messagesPerSecond, verifiedName }: { messagesPerSecond?: number; verifiedName?: string | null },
    raw: unknown,
    factsAfter: (known: HealthFacts) => HealthFacts,
  ): Promise<void> {
    const number = await this.#lock(phoneNumberId);
    if (!number) return;
    const before = await this.#last(phoneNumberId);
    const facts = factsAfter(before ?? NOTHING_TOLD);
    const { verdict, reasons } = judge(facts, {
      paused: number.status === 'paused',
      credentialRefused: number.account_status === 'credential_refused',
    });
    const { sql } = this.unitOfWork;
    // Two in one millisecond are one: the later says more.
    await sql.query(
      `insert into phone_health (tenant_id, phone_number_id, taken_at, source, quality_rating, status, throughput, messaging_tier, verdict, raw)
       values ($1::uuid, $2, $3::timestamptz, $4, $5, $6, $7, $8, $9, $10::jsonb)
       on conflict (tenant_id, phone_number_id, taken_at) do update set source = excluded.source, quality_rating = excluded.quality_rating,
         status = excluded.status, throughput = excluded.throughput, messaging_tier = excluded.messaging_tier, verdict = excluded.verdict, raw = excluded.raw`,
      [
        this.scope.tenantId,
        phoneNumberId,
        this.clock.now().toISOString(),
        source,
        facts.qualityRating,
        facts.status,
        facts.throughput,
        facts.messagingTier,
        verdict,
        JSON.stringify(raw ?? {}),
      ],
    );
    await sql.query(
      `update phone_number set quality_rating = coalesce($3, quality_rating), throughput = coalesce($4::int, throughput),
         verified_name = coalesce($5, verified_name), updated_at = $6::timestamptz
       where tenant_id = $1::uuid and phone_number_id = $2
         and (quality_rating, throughput, verified_name) is distinct from (coalesce($3, quality_rating), coalesce($4::int, throughput), coalesce($5, verified_name))`,
      [
        this.scope.tenantId,
        phoneNumberId,
        facts.qualityRating,
        messagesPerSecond ?? null,
        verifiedName ?? null,
        this.clock.now().toISOString(),
      ],
    );
    if (!isWorse(verdict, before?.verdict ?? 'unknown')) return;
    const dropped =
      facts.qualityRating !== before?.qualityRating && reasons.some((reason) => reason.startsWith('QUALITY'));
    await this.alerts.raise({
      code: dropped ? 'QUALITY_DROPPED' : 'PHONE_HEALTH_WORSE',
      severity: verdict === 'danger' ? 'danger' : 'warning',
      accountId: number.account_id,
      phoneNumberId,
      detail: { verdict, before: before?.verdict ?? 'unknown', reasons, ...facts },
    });
  }

  /** The account's row first: numbers are changed under that lock alone. */
  async #lock(phoneNumberId: string): Promise<NumberRow | undefined> {
    const { sql } = this.unitOfWork;
    const [account] = await sql.query<{ id: string; status: string }>(
      `select id, status from whatsapp_account where tenant_id = $1::uuid
         and id = (select account_id from phone_number where tenant_id = $1::uuid and phone_number_id = $2) for update`,
      [this.scope.tenantId, phoneNumberId],
    );
    if (!account) return undefined;
    const [number] = await sql.query<{ status: string }>(
      `select status from phone_number where tenant_id = $1::uuid and phone_number_id = $2 and status <> 'disconnected'`,
      [this.scope.tenantId, phoneNumberId],
    );
    return number && { account_id: account.id, account_status: account.status, status: number.status };
  }

  async #last(phoneNumberId: string): Promise<(HealthFacts & { verdict: Verdict }) | undefined> {
    const [row] = await this.unitOfWork.sql.query<SnapshotRow>(
      `select quality_rating, status, throughput, messaging_tier, verdict from phone_health
       where tenant_id = $1::uuid and phone_number_id = $2 order by taken_at desc limit 1`,
      [this.scope.tenantId, phoneNumberId],
    );
    if (!row) return undefined;
    const { quality_rating: qualityRating, messaging_tier: messagingTier, status, throughput, verdict } = row;
    return { qualityRating, status, throughput, messagingTier, verdict };
  }
}
