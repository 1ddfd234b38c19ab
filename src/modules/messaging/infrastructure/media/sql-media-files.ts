import { Injectable } from '@nestjs/common';
import { Clock } from '../../../../kernel/clock.js';
import { newId } from '../../../../kernel/ids.js';
import type { InboxAccess } from '../../../../kernel/inbox-access.js';
import { seenUnderThreads } from '../../../../platform/auth/index.js';
import { TenantScope } from '../../../../platform/database/tenant-scope.js';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';
import {
  type AwaitedFile,
  type KeptBytes,
  type MediaFile,
  MediaFiles,
  type NewInboundFile,
  type NewUpload,
} from '../../application/media/media-files.js';
import type { AfterFault } from '../../domain/media.js';
import { AWAITED_COLUMNS, type AwaitedRow, FILE_COLUMNS, type FileRow, toAwaited, toFile } from './media-rows.js';

/** Files in tables `media`, `media_use`, `media_copy`. */
@Injectable()
export class SqlMediaFiles extends MediaFiles {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly scope: TenantScope,
    private readonly clock: Clock,
  ) {
    super();
  }

  async await(file: NewInboundFile): Promise<boolean> {
    const rows = await this.#query<{ id: string }>(
      `insert into media (tenant_id, id, source, phone_number_id, message_id, thread_id, kind, state, filename, declared_type, expected_sha256,
         provider_media_id, next_at, created_at)
       values ($1::uuid, $2::uuid, 'inbound', $3, $4::uuid, $5::uuid, $6, 'pending', $7, $8, decode($9, 'hex'), $10, $11::timestamptz, $11::timestamptz)
       on conflict (tenant_id, message_id) where source = 'inbound' do nothing returning id`,
      [
        newId(),
        file.phoneNumberId,
        file.messageId,
        file.threadId ?? null,
        file.kind,
        file.filename?.slice(0, 255) ?? null,
        file.declaredType?.slice(0, 255) ?? null,
        hex(file.expectedSha256),
        file.providerMediaId,
        this.#now(),
      ],
    );
    return rows.length > 0;
  }

  async addUpload(upload: NewUpload): Promise<void> {
    await this.#query(
      `insert into media (tenant_id, id, source, kind, state, filename, mime_type, size, sha256, store_key, created_by, created_at, stored_at)
       values ($1::uuid, $2::uuid, 'upload', $3, 'stored', $4, $5, $6::bigint, decode($7, 'hex'), $8, $9, $10::timestamptz, $10::timestamptz)`,
      [
        upload.mediaId,
        upload.kind,
        upload.filename ?? null,
        upload.mimeType,
        upload.size,
        hex(upload.sha256),
        upload.storeKey,
        upload.createdBy,
        this.#now(),
      ],
    );
  }

  async findSame({
    sha256,
    kind,
    filename,
    createdBy,
    mimeType,
  }: Pick<NewUpload, 'sha256' | 'kind' | 'filename' | 'createdBy' | 'mimeType'>): ReturnType<MediaFiles['findSame']> {
    const rows = await this.#query<FileRow & { is_same: boolean }>(
      `select ${FILE_COLUMNS}, (m.created_by = $3 and m.kind = $4 and m.filename is not distinct from $5::text and m.mime_type = $6) as is_same
       from media m where m.tenant_id = $1::uuid and m.sha256 = decode($2, 'hex') and m.source = 'upload' and m.state = 'stored'
       order by is_same desc, m.created_at limit 1`,
      [hex(sha256), createdBy, kind, filename ?? null, mimeType],
    );
    const [row] = rows;
    if (!row) return { same: undefined, storeKey: undefined };
    return { same: row.is_same ? toFile(row) : undefined, storeKey: row.store_key ?? undefined };
  }

  async findSeen(access: InboxAccess, actor: string, mediaId: string): Promise<MediaFile | undefined> {
    const inbound = seenUnderThreads(access, 'm', 4);
    const shown = seenUnderThreads(access, 'shown', 4 + inbound.parameters.length);
    const seesAll = access.areas === 'all' && access.ownOnly === undefined;
    const [row] = await this.#query<FileRow>(
      `select ${FILE_COLUMNS} from media m
       where m.tenant_id = $1::uuid and m.id = $2::uuid and case m.source
         when 'inbound' then ${inbound.sql}
         else m.created_by = $3 or ${seesAll} or exists (
           select from media_use u join message shown on shown.tenant_id = u.tenant_id and shown.id = u.message_id
           where u.tenant_id = m.tenant_id and u.media_id = m.id and ${shown.sql}) end`,
      [mediaId, actor, ...inbound.parameters, ...shown.parameters],
    );
    return row && toFile(row);
  }

  async find(mediaId: string): Promise<MediaFile | undefined> {
    return (await this.among([mediaId]))[0];
  }

  async among(mediaIds: readonly string[]): Promise<readonly MediaFile[]> {
    const rows = await this.#query<FileRow>(
      `select ${FILE_COLUMNS} from media m where m.tenant_id = $1::uuid and m.id = any($2::uuid[])`,
      [mediaIds],
    );
    return rows.map(toFile);
  }

  async ofMessages(messageIds: readonly string[]): Promise<ReadonlyMap<string, MediaFile>> {
    const rows = await this.#query<FileRow & { shown_by: string }>(
      `select ${FILE_COLUMNS}, m.message_id as shown_by from media m where m.tenant_id = $1::uuid and m.message_id = any($2::uuid[])
       union all
       select ${FILE_COLUMNS}, u.message_id from media_use u join media m on m.tenant_id = u.tenant_id and m.id = u.media_id
       where u.tenant_id = $1::uuid and u.message_id = any($2::uuid[])`,
      [messageIds],
    );
    return new Map(rows.map((row) => [row.shown_by, toFile(row)]));
  }

  async addUses(uses: readonly { readonly messageId: string; readonly mediaId: string }[]): Promise<void> {
    await this.#query(
      `insert into media_use (tenant_id, message_id, media_id) select $1::uuid, * from unnest($2::uuid[], $3::uuid[])
       on conflict do nothing`,
      [uses.map(({ messageId }) => messageId), uses.map(({ mediaId }) => mediaId)],
    );
  }

  async nextAwaited(phoneNumberId: string, but: readonly string[]): Promise<AwaitedFile | undefined> {
    const [row] = await this.#query<AwaitedRow>(
      `select ${AWAITED_COLUMNS} from media m
       where m.tenant_id = $1::uuid and m.phone_number_id = $2 and m.state = 'pending' and m.next_at <= (select business_now())
         and m.id <> all($3::uuid[])
       order by m.next_at, m.id limit 1`,
      [phoneNumberId, but],
    );
    return row && toAwaited(row);
  }

  async nextDue(phoneNumberId: string): Promise<Date | undefined> {
    const [row] = await this.#query<{ due: Date | null }>(
      `select min(next_at) as due from media where tenant_id = $1::uuid and phone_number_id = $2 and state = 'pending'`,
      [phoneNumberId],
    );
    return row?.due ?? undefined;
  }

  async keep(mediaId: string, { storeKey, mimeType, size, sha256 }: KeptBytes): Promise<boolean> {
    const rows = await this.#query(
      `update media set state = 'stored', store_key = $3, mime_type = $4, size = $5::bigint, sha256 = decode($6, 'hex'), failure = null,
         next_at = null, stored_at = $7::timestamptz
       where tenant_id = $1::uuid and id = $2::uuid and state = 'pending' returning id`,
      [mediaId, storeKey, mimeType, size, hex(sha256), this.#now()],
    );
    return rows.length > 0;
  }

  async noteFault(mediaId: string, after: AfterFault): Promise<boolean> {
    const rows = await this.#query(
      `update media set state = $3, failure = $4::jsonb, tries = $5::int, next_at = $6::timestamptz
       where tenant_id = $1::uuid and id = $2::uuid and state = 'pending' returning id`,
      [
        mediaId,
        after.state,
        JSON.stringify(after.failure),
        after.tries,
        after.state === 'pending' ? after.nextAt.toISOString() : null,
      ],
    );
    return rows.length > 0;
  }

  async awaitAgain(mediaId: string): Promise<string | undefined> {
    const [row] = await this.#query<{ phone_number_id: string }>(
      `update media set state = 'pending', tries = 0, next_at = $3::timestamptz, failure = failure || '{"times": 0}'
       where tenant_id = $1::uuid and id = $2::uuid and state = 'failed' and source = 'inbound' returning phone_number_id`,
      [mediaId, this.#now()],
    );
    return row?.phone_number_id;
  }

  async hurry(accountId: string): Promise<string[]> {
    const rows = await this.#query<{ phone_number_id: string }>(
      `update media m set next_at = $3::timestamptz from phone_number n
       where m.tenant_id = $1::uuid and n.tenant_id = $1::uuid and n.account_id = $2::uuid and m.phone_number_id = n.phone_number_id
         and m.state = 'pending' and m.failure ->> 'code' = 'CREDENTIAL' returning m.phone_number_id`,
      [accountId, this.#now()],
    );
    return [...new Set(rows.map((row) => row.phone_number_id))];
  }

  async copyAt(phoneNumberId: string, mediaId: string): Promise<string | undefined> {
    const [row] = await this.#query<{ provider_media_id: string }>(
      `select provider_media_id from media_copy
       where tenant_id = $1::uuid and media_id = $2::uuid and phone_number_id = $3 and provider_until > (select business_now())`,
      [mediaId, phoneNumberId],
    );
    return row?.provider_media_id;
  }

  async noteCopy(
    phoneNumberId: string,
    mediaId: string,
    { providerMediaId, until }: { readonly providerMediaId: string; readonly until: Date },
  ): Promise<void> {
    await this.#query(
      `insert into media_copy (tenant_id, media_id, phone_number_id, provider_media_id, provider_until)
       values ($1::uuid, $2::uuid, $3, $4, $5::timestamptz)
       on conflict (tenant_id, media_id, phone_number_id) do update
         set provider_media_id = excluded.provider_media_id, provider_until = excluded.provider_until`,
      [mediaId, phoneNumberId, providerMediaId, until.toISOString()],
    );
  }

  /** The tenant is the first parameter. */
  #query<Row extends object>(text: string, parameters: readonly unknown[]): Promise<Row[]> {
    return this.unitOfWork.sql.query<Row>(text, [this.scope.tenantId, ...parameters]);
  }

  #now(): string {
    return this.clock.now().toISOString();
  }
}

function hex(bytes: Uint8Array | undefined): string | null {
  return bytes === undefined ? null : Buffer.from(bytes).toString('hex');
}
