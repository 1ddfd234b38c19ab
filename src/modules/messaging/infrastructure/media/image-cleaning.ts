import { Injectable } from '@nestjs/common';
import type { Readable } from 'node:stream';
import sharp, { type Sharp } from 'sharp';
import { FileTooLarge, MediaStoreUnavailable } from '../../../../platform/media-store/media-store.js';
import { TemporaryFiles, type TemporaryFile } from '../../../../platform/media-store/temporary-files.js';
import type { FileKind } from '../../domain/media.js';
import { MediaTooLarge, MediaTypeRefused } from '../../domain/media-errors.js';
import { LARGEST, LARGEST_STILL_STICKER, TURNED_INTO_PNG } from '../../domain/media-types.js';

/** More would be a bomb: a file of few bytes that fills the memory when it is opened. */
const PIXELS = 50_000_000;
const SECONDS = 20;
const AT_ONCE = 2;

// Images differ; what is kept of one is of no use to the next.
sharp.cache(false);
sharp.concurrency(1);

export interface CleanImage {
  readonly file: TemporaryFile;
  readonly mimeType: string;
}

/**
 * Draws images anew, so that nothing stays but what is seen: no place, camera or thumbnail, and nothing that was hung on behind the picture.
 * What WhatsApp does not take as an image becomes a PNG; of a GIF that moves, the first frame.
 */
@Injectable()
export class ImageCleaning {
  #running = 0;
  readonly #waiting: (() => void)[] = [];

  constructor(private readonly temporary: TemporaryFiles) {}

  /** @throws MediaTypeRefused, MediaTooLarge */
  async clean(path: string, mimeType: string, kind: FileKind): Promise<CleanImage> {
    if (this.#running >= AT_ONCE) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#running++;
    try {
      return await this.#draw(path, mimeType, kind);
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#running--;
    }
  }

  async #draw(path: string, mimeType: string, kind: FileKind): Promise<CleanImage> {
    const isSticker = mimeType === 'image/webp' && kind === 'sticker';
    const options = { limitInputPixels: PIXELS, failOn: 'error' as const, sequentialRead: true, animated: isSticker };
    let limit = LARGEST[kind];
    try {
      const image = sharp(path, options).timeout({ seconds: SECONDS });
      const { pages = 1 } = await image.metadata();
      if (isSticker && pages === 1) limit = LARGEST_STILL_STICKER;
      const upright = isSticker ? image : image.autoOrient().toColourspace('srgb');
      const drawn = written(upright, isSticker, mimeType);
      return { file: await this.temporary.write(drawn.bytes, limit), mimeType: drawn.mimeType };
    } catch (error) {
      if (error instanceof FileTooLarge) throw new MediaTooLarge(limit, 'The image, drawn anew,');
      if (error instanceof MediaStoreUnavailable) throw error;
      throw new MediaTypeRefused('The image cannot be read: it is broken, or has too many pixels.');
    }
  }
}

function written(image: Sharp, isSticker: boolean, mimeType: string): { bytes: Readable; mimeType: string } {
  if (isSticker) return { bytes: image.webp({ quality: 90 }), mimeType };
  if (mimeType === 'image/png' || TURNED_INTO_PNG.includes(mimeType))
    return { bytes: image.png({ compressionLevel: 9 }), mimeType: 'image/png' };
  return { bytes: image.jpeg({ quality: 90 }), mimeType: 'image/jpeg' };
}
