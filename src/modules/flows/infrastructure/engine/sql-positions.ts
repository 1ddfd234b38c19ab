import { Injectable } from '@nestjs/common';
import { Clock } from '../../../../kernel/clock.js';
import { TenantScope } from '../../../../platform/database/tenant-scope.js';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';
import { type FlowStand, Positions } from '../../application/engine/positions.js';
import type { FlowPosition } from '../../domain/flow-graph.js';

interface StandRow {
  newest: number;
  flow_version: number | null;
  last_template_key: string | null;
  open_key: string | null;
  state: string;
  answers: Record<string, string>;
  steps_taken_at: Date[];
  steps_taken: string[];
  steps_unbroken: number;
  withheld_at: Date | null;
  guard_reset_at: Date | null;
  updated_at: Date;
}

const STAND =
  'flow_version, last_template_key, open_key, state, answers, steps_taken_at, steps_taken, steps_unbroken, withheld_at, guard_reset_at, updated_at';
const COLUMNS = `tenant_id, thread_id, ${STAND}`;
const OVERWRITTEN = STAND.split(', ')
  .map((column) => `${column} = excluded.${column}`)
  .join(', ');

/** Reads conversations' threads: whoever takes over a conversation, or is left it, takes with it what was asked there. */
@Injectable()
export class SqlPositions extends Positions {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly scope: TenantScope,
    private readonly clock: Clock,
  ) {
    super();
  }

  async find(threadId: string): Promise<FlowStand | undefined> {
    const [row] = await this.unitOfWork.sql.query<StandRow>(
      `select f.version as newest, p.flow_version, p.last_template_key, p.state, p.answers, p.steps_taken_at, p.steps_taken, p.steps_unbroken, p.withheld_at, p.guard_reset_at,
         p.updated_at,
         case when t.bot_paused_at >= p.updated_at then null else p.open_key end as open_key
       from flow f left join flow_position p on p.tenant_id = f.tenant_id and p.thread_id = $2::uuid
       left join thread t on t.tenant_id = p.tenant_id and t.id = p.thread_id
       where f.tenant_id = $1::uuid and f.version > 0`,
      [this.scope.tenantId, threadId],
    );
    if (!row) return undefined;
    const { newest } = row;
    if (row.flow_version === null) return { newest, position: undefined, movedAt: undefined };
    return {
      newest,
      movedAt: row.updated_at,
      position: {
        flowVersion: row.flow_version,
        lastTemplateKey: row.last_template_key ?? undefined,
        openKey: row.open_key ?? undefined,
        state: row.state,
        answers: row.answers,
        stepsTakenAt: row.steps_taken_at,
        stepsTaken: row.steps_taken,
        stepsUnbroken: row.steps_unbroken,
        withheldAt: row.withheld_at ?? undefined,
        guardResetAt: row.guard_reset_at ?? undefined,
      },
    };
  }

  async set(threadId: string, position: FlowPosition): Promise<void> {
    const { flowVersion, lastTemplateKey, openKey, state, answers, stepsTakenAt, stepsTaken, stepsUnbroken } = position;
    await this.unitOfWork.sql.query(
      `insert into flow_position (${COLUMNS})
       values ($1::uuid, $2::uuid, $3::int, $4, $5, $6, $7::jsonb, $8::timestamptz[], $9::text[], $10::int, $11::timestamptz, $12::timestamptz, $13::timestamptz)
       on conflict (tenant_id, thread_id) do update set ${OVERWRITTEN}`,
      [
        this.scope.tenantId,
        threadId,
        flowVersion,
        lastTemplateKey ?? null,
        openKey ?? null,
        state,
        JSON.stringify(answers),
        stepsTakenAt.map((at) => at.toISOString()),
        stepsTaken,
        stepsUnbroken,
        position.withheldAt?.toISOString() ?? null,
        position.guardResetAt?.toISOString() ?? null,
        this.clock.now().toISOString(),
      ],
    );
  }

  async move(fromThreadId: string, toThreadId: string): Promise<void> {
    await this.unitOfWork.sql.query(
      `insert into flow_position (${COLUMNS})
       select tenant_id, $3::uuid, ${STAND} from flow_position where tenant_id = $1::uuid and thread_id = $2::uuid
       on conflict (tenant_id, thread_id) do update set ${OVERWRITTEN}
       where excluded.updated_at > flow_position.updated_at`,
      [this.scope.tenantId, fromThreadId, toThreadId],
    );
    await this.unitOfWork.sql.query('delete from flow_position where tenant_id = $1::uuid and thread_id = $2::uuid', [
      this.scope.tenantId,
      fromThreadId,
    ]);
  }
}
