import { Injectable } from '@nestjs/common';
import { Readable } from 'node:stream';
import { tenantId } from '../../../../kernel/ids.js';
import { TenantScope } from '../../../../platform/database/tenant-scope.js';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';
import { type ByteRange, MediaStore } from '../../../../platform/media-store/media-store.js';
import { SignedLinks } from '../../../../platform/media-store/signed-links.js';
import { type MediaFile, MediaFiles } from '../../application/media/media-files.js';
import { MediaNotFound } from '../../domain/media-errors.js';
import { isShownInline } from '../../domain/media-types.js';

/** What a request asks for beside the file itself. */
export interface Wish {
  readonly range?: string | undefined;
  readonly ifNoneMatch?: string | undefined;
  /** What there is to know of it, without its bytes. */
  readonly method: 'GET' | 'HEAD';
}

export interface Content {
  readonly status: 200 | 206 | 304 | 416;
  readonly headers: Readonly<Record<string, string>>;
  readonly bytes: Readable | undefined;
}

/** The bytes of a file for whoever has a link to it (C57). */
@Injectable()
export class MediaContent {
  constructor(
    private readonly links: SignedLinks,
    private readonly files: MediaFiles,
    private readonly store: MediaStore,
    private readonly unitOfWork: UnitOfWork,
    private readonly scope: TenantScope,
  ) {}

  /** @throws MediaNotFound also for a link that is forged or over: it tells nobody whether the file exists */
  async open(mediaId: string, query: Readonly<Record<string, unknown>>, wish: Wish): Promise<Content> {
    const opened = this.links.open(mediaId, query);
    if (!opened) throw new MediaNotFound();
    const file = await this.scope.run(tenantId(opened.tenantId), () =>
      this.unitOfWork.runSql(() => this.files.find(mediaId)),
    );
    if (!file?.storeKey || file.size === undefined) throw new MediaNotFound();
    const headers = headersOf(file);
    if (wish.ifNoneMatch !== undefined && wish.ifNoneMatch.includes(headers['etag']!))
      return { status: 304, headers, bytes: undefined };
    const range = readRange(wish.range, file.size);
    if (range === 'none')
      return { status: 416, headers: { 'content-range': `bytes */${file.size}` }, bytes: undefined };
    const bytes = wish.method === 'HEAD' ? Readable.from([]) : (await this.store.get(file.storeKey, range))?.bytes;
    if (!bytes) throw new MediaNotFound();
    const { start, end } = range ?? { start: 0, end: file.size - 1 };
    return {
      status: range ? 206 : 200,
      headers: {
        ...headers,
        'content-length': String(end - start + 1),
        ...(range && { 'content-range': `bytes ${start}-${end}/${file.size}` }),
      },
      bytes,
    };
  }
}

/** Nothing in it can run, whatever it is: no script, no frame, no guess at its type. */
function headersOf({
  mimeType = 'application/octet-stream',
  filename,
  mediaId,
  sha256,
}: MediaFile): Record<string, string> {
  const name = filename ?? mediaId;
  const disposition = isShownInline(mimeType) ? 'inline' : 'attachment';
  return {
    'content-type': mimeType.startsWith('text/') ? `${mimeType}; charset=utf-8` : mimeType,
    'content-disposition': `${disposition}; filename="${name.replace(/[^\w. -]/g, '_')}"; filename*=UTF-8''${encoded(name)}`,
    'content-security-policy': "default-src 'none'; sandbox; frame-ancestors 'none'",
    'x-content-type-options': 'nosniff',
    // An inbox of another origin shows it; whoever may see it holds the link.
    'cross-origin-resource-policy': 'cross-origin',
    'cache-control': 'private, max-age=300',
    'accept-ranges': 'bytes',
    etag: `"${Buffer.from(sha256 ?? []).toString('hex')}"`,
  };
}

function encoded(name: string): string {
  return encodeURIComponent(name.toWellFormed()).replace(
    /['()*]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** One range; several, or another unit, are answered with the whole, as RFC 9110 allows. `none`: it lies outside. */
function readRange(header: string | undefined, size: number): ByteRange | 'none' | undefined {
  const given = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header ?? '');
  if (!given || (given[1] === '' && given[2] === '')) return undefined;
  const start = given[1] === '' ? Math.max(0, size - Number(given[2])) : Number(given[1]);
  const end = given[1] === '' || given[2] === '' ? size - 1 : Math.min(Number(given[2]), size - 1);
  return start > end || start >= size ? 'none' : { start, end };
}
