import { Injectable } from '@nestjs/common';
import { Clock } from '../../../../kernel/clock.js';
import { newId } from '../../../../kernel/ids.js';
import { TenantScope } from '../../../../platform/database/tenant-scope.js';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';
import { Notes, type NoteView } from '../../application/inbox/notes.js';
import { NoteNotFound } from '../../domain/conversation-errors.js';

/** Reads tenants' people for the authors' names. */
const ROWS = `
  select n.id, n.author, u.name as "authorName", n.body, n.created_at as "createdAt", n.updated_at as "updatedAt" from note n
  left join app_user u on u.tenant_id = n.tenant_id and 'user:' || u.id = n.author
  where n.tenant_id = $1::uuid and n.thread_id = $2::uuid`;

@Injectable()
export class SqlNotes extends Notes {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly scope: TenantScope,
    private readonly clock: Clock,
  ) {
    super();
  }

  page(threadId: string, before: string | undefined, limit: number): Promise<readonly NoteView[]> {
    return this.#query<NoteView>(
      `${ROWS} and ($3::uuid is null or n.id < $3::uuid) order by n.id desc limit $4::int`,
      threadId,
      before ?? null,
      limit,
    );
  }

  async add(threadId: string, author: string, body: string): Promise<NoteView> {
    const id = newId();
    await this.#query(
      `insert into note (tenant_id, id, thread_id, author, body, created_at, updated_at)
       values ($1::uuid, $2::uuid, $3::uuid, $4, $5, $6::timestamptz, $6::timestamptz)`,
      id,
      threadId,
      author,
      body,
      this.clock.now().toISOString(),
    );
    return this.find(threadId, id);
  }

  async find(threadId: string, noteId: string): Promise<NoteView> {
    const [note] = await this.#query<NoteView>(`${ROWS} and n.id = $3::uuid`, threadId, noteId);
    if (!note) throw new NoteNotFound();
    return note;
  }

  async change(noteId: string, body: string): Promise<void> {
    await this.#query(
      'update note set body = $3, updated_at = $4::timestamptz where tenant_id = $1::uuid and id = $2::uuid',
      noteId,
      body,
      this.clock.now().toISOString(),
    );
  }

  async remove(noteId: string): Promise<void> {
    await this.#query('delete from note where tenant_id = $1::uuid and id = $2::uuid', noteId);
  }

  #query<Row extends object>(text: string, ...parameters: unknown[]): Promise<Row[]> {
    return this.unitOfWork.sql.query<Row>(text, [this.scope.tenantId, ...parameters]);
  }
}
