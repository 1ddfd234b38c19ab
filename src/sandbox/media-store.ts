import { Injectable } from '@nestjs/common';
import { createHash } from 'node:crypto';
import { SandboxClock } from './clock.js';
import { GraphError } from './graph-error.js';
import { newNumericId } from './ids.js';

const MB = 1024 * 1024;
const UPLOAD_LIFE_MS = 30 * 24 * 60 * 60 * 1000;
const RECEIVED_LIFE_MS = 7 * 24 * 60 * 60 * 1000;
const LINK_LIFE_MS = 5 * 60 * 1000;
const TOTAL_BYTES = 512 * MB;

/** Largest file by kind of media type. Source: Meta, "Media", supported types. */
function sizeLimit(mimeType: string): number | undefined {
  if (mimeType === 'image/webp') return 0.5 * MB;
  if (/^image\/(jpeg|png)$/.test(mimeType)) return 5 * MB;
  if (/^audio\/(aac|amr|mpeg|mp4|ogg)(;|$)/.test(mimeType) || /^video\/(mp4|3gpp)$/.test(mimeType)) return 16 * MB;
  if (/^text\/plain|^application\/(pdf|msword|vnd\.(ms-|openxmlformats-officedocument\.).*)$/.test(mimeType))
    return 100 * MB;
  return undefined;
}

export interface Media {
  readonly id: string;
  readonly phoneNumberId: string;
  readonly mimeType: string;
  readonly bytes: Buffer;
  readonly sha256: string;
  readonly expiresAt: Date;
}

/** Files that businesses uploaded and customers sent. Half a gigabyte in all; the oldest go first. */
@Injectable()
export class MediaStore {
  private readonly byId = new Map<string, Media>();
  private readonly links = new Map<string, { mediaId: string; expiresAt: Date }>();
  private total = 0;

  constructor(private readonly clock: SandboxClock) {}

  /** Keeps an upload for 30 days. @throws GraphError 131053 for an unsupported type or size */
  upload(phoneNumberId: string, mimeType: string, bytes: Buffer): Media {
    const limit = sizeLimit(mimeType);
    if (limit === undefined) {
      throw new GraphError(100, `Param file must be a file with one of the supported types; received '${mimeType}'.`);
    }
    if (bytes.length > limit)
      throw new GraphError(131053, `The file has ${bytes.length} bytes; at most ${limit} are allowed for ${mimeType}.`);
    return this.keep(phoneNumberId, mimeType, bytes, UPLOAD_LIFE_MS);
  }

  /** Keeps what a customer sent for 7 days. */
  receive(phoneNumberId: string, mimeType: string, bytes: Buffer): Media {
    return this.keep(phoneNumberId, mimeType, bytes, RECEIVED_LIFE_MS);
  }

  holds(id: string): boolean {
    return this.find(id) !== undefined;
  }

  find(id: string): Media | undefined {
    const media = this.byId.get(id);
    return media && media.expiresAt > this.clock.now() ? media : undefined;
  }

  /** The key of a download link that lives five minutes. */
  newLink(media: Media): string {
    const now = this.clock.now().getTime();
    for (const [key, link] of this.links) {
      if (link.expiresAt.getTime() > now) break;
      this.links.delete(key);
    }
    const key = newNumericId();
    this.links.set(key, { mediaId: media.id, expiresAt: new Date(now + LINK_LIFE_MS) });
    return key;
  }

  behindLink(key: string): Media | undefined {
    const link = this.links.get(key);
    return link && link.expiresAt > this.clock.now() ? this.find(link.mediaId) : undefined;
  }

  remove(id: string): void {
    this.total -= this.byId.get(id)?.bytes.length ?? 0;
    this.byId.delete(id);
  }

  clear(): void {
    this.byId.clear();
    this.links.clear();
    this.total = 0;
  }

  private keep(phoneNumberId: string, mimeType: string, bytes: Buffer, lifeMs: number): Media {
    const media: Media = {
      id: newNumericId(),
      phoneNumberId,
      mimeType,
      bytes,
      sha256: createHash('sha256').update(bytes).digest('base64'),
      expiresAt: new Date(this.clock.now().getTime() + lifeMs),
    };
    this.byId.set(media.id, media);
    this.total += bytes.length;
    for (const id of this.byId.keys()) {
      if (this.total <= TOTAL_BYTES) break;
      this.remove(id);
    }
    return media;
  }
}
