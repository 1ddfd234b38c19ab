import { Injectable } from '@nestjs/common';
import { Clock } from '../../../../kernel/clock.js';
import { newId } from '../../../../kernel/ids.js';
import { TenantScope } from '../../../../platform/database/tenant-scope.js';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';
import { isUniqueViolation } from '../../../../platform/database/database-errors.js';
import { Labels, type LabelView } from '../../application/labels/labels.js';
import { LabelNameTaken, LabelNotFound } from '../../domain/conversation-errors.js';

@Injectable()
export class SqlLabels extends Labels {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly scope: TenantScope,
    private readonly clock: Clock,
  ) {
    super();
  }

  all(): Promise<readonly LabelView[]> {
    return this.#query<LabelView>('select id, name, color from label where tenant_id = $1::uuid order by name');
  }

  async find(id: string): Promise<LabelView> {
    const [label] = await this.#query<LabelView>(
      'select id, name, color from label where tenant_id = $1::uuid and id = $2::uuid',
      id,
    );
    if (!label) throw new LabelNotFound();
    return label;
  }

  async add(name: string, color: string): Promise<LabelView> {
    const [label] = await this.#query<LabelView>(
      `insert into label (tenant_id, id, name, color, created_at) values ($1::uuid, $2::uuid, $3, $4, $5::timestamptz)
       on conflict (tenant_id, name) do nothing returning id, name, color`,
      newId(),
      name,
      color,
      this.clock.now().toISOString(),
    );
    if (!label) throw new LabelNameTaken();
    return label;
  }

  async change(
    id: string,
    { name, color }: { readonly name?: string | undefined; readonly color?: string | undefined },
  ): Promise<LabelView> {
    const [label] = await this.#query<LabelView>(
      `update label set name = coalesce($3::text, name), color = coalesce($4::text, color) where tenant_id = $1::uuid and id = $2::uuid
       returning id, name, color`,
      id,
      name ?? null,
      color ?? null,
    ).catch((error: unknown) => {
      throw isUniqueViolation(error) ? new LabelNameTaken() : error;
    });
    if (!label) throw new LabelNotFound();
    return label;
  }

  async remove(id: string): Promise<void> {
    const rows = await this.#query('delete from label where tenant_id = $1::uuid and id = $2::uuid returning id', id);
    if (rows.length === 0) throw new LabelNotFound();
  }

  async put(threadId: string, labelId: string): Promise<boolean> {
    await this.find(labelId);
    const rows = await this.#query(
      `insert into thread_label (tenant_id, thread_id, label_id)
       select $1::uuid, $2::uuid, id from label where tenant_id = $1::uuid and id = $3::uuid
       on conflict do nothing returning label_id`,
      threadId,
      labelId,
    );
    return rows.length > 0;
  }

  async take(threadId: string, labelId: string): Promise<boolean> {
    const rows = await this.#query(
      'delete from thread_label where tenant_id = $1::uuid and thread_id = $2::uuid and label_id = $3::uuid returning label_id',
      threadId,
      labelId,
    );
    return rows.length > 0;
  }

  async of(threadId: string): Promise<readonly string[]> {
    const rows = await this.#query<{ id: string }>(
      'select label_id as id from thread_label where tenant_id = $1::uuid and thread_id = $2::uuid order by label_id',
      threadId,
    );
    return rows.map(({ id }) => id);
  }

  #query<Row extends object>(text: string, ...parameters: unknown[]): Promise<Row[]> {
    return this.unitOfWork.sql.query<Row>(text, [this.scope.tenantId, ...parameters]);
  }
}
