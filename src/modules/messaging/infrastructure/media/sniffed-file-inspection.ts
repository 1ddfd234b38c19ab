import { Injectable } from '@nestjs/common';
import { fileTypeFromBuffer } from 'file-type';
import { FileInspection } from '../../application/media/file-inspection.js';

const UNKNOWN = 'application/octet-stream';

/** Names that the sniffer has for types that WhatsApp calls otherwise. */
const SAME: Readonly<Record<string, string>> = {
  'audio/x-m4a': 'audio/mp4',
  'audio/vnd.dolby.dd-raw': UNKNOWN,
  'video/x-m4v': 'video/mp4',
  'video/3gpp2': 'video/3gpp',
  'audio/opus': 'audio/ogg',
  'image/apng': 'image/png',
};
/** Word, Excel and PowerPoint of before 2007 look alike from outside. */
const OLD_OFFICE: Readonly<Record<string, string>> = {
  doc: 'application/msword',
  xls: 'application/vnd.ms-excel',
  ppt: 'application/vnd.ms-powerpoint',
};
/** What may be said of a text, because it changes nothing: all of them are downloads. */
const TEXTS: readonly string[] = ['text/plain', 'text/csv'];

/** By magic numbers; texts, which have none, by being texts. */
@Injectable()
export class SniffedFileInspection extends FileInspection {
  /** Enough for the first entries of a zip, by which Office files are told apart. */
  readonly headSize = 65_536;

  async typeOf(
    head: Uint8Array,
    { type, filename }: { readonly type?: string | undefined; readonly filename?: string | undefined },
  ): Promise<string> {
    const declared = type?.split(';')[0]!.trim().toLowerCase();
    const found = await fileTypeFromBuffer(head).catch(() => undefined);
    const sniffed = found?.mime.split(';')[0]!.trim();
    if (sniffed === 'application/x-cfb') return oldOffice(declared, filename);
    if (sniffed !== undefined) return SAME[sniffed] ?? sniffed;
    if (!isText(head)) return UNKNOWN;
    if (looksLikeMarkup(head)) return /<svg[\s>]/i.test(textOf(head)) ? 'image/svg+xml' : 'text/html';
    const named = /\.csv$/i.test(filename ?? '') ? 'text/csv' : declared;
    return named !== undefined && TEXTS.includes(named) ? named : 'text/plain';
  }
}

function oldOffice(declared: string | undefined, filename: string | undefined): string {
  const extension = /\.(\w{3})$/.exec(filename ?? '')?.[1]?.toLowerCase() ?? '';
  if (OLD_OFFICE[extension] !== undefined) return OLD_OFFICE[extension];
  return declared !== undefined && Object.values(OLD_OFFICE).includes(declared) ? declared : 'application/x-cfb';
}

/** UTF-8 without NUL; the head may end within a character. */
function isText(head: Uint8Array): boolean {
  if (head.length === 0 || head.includes(0)) return false;
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: true });
    return true;
  } catch {
    return false;
  }
}

function looksLikeMarkup(head: Uint8Array): boolean {
  return /^\uFEFF?\s*<(?:!doctype|!--|\?xml|html|head|body|script|svg|iframe|[a-z]+[\s>])/i.test(textOf(head));
}

function textOf(head: Uint8Array): string {
  return Buffer.from(head.subarray(0, 4096)).toString('utf8');
}
