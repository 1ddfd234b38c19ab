import { Injectable } from '@nestjs/common';
import type { Readable } from 'node:stream';
import { Config } from '../../../../platform/config/config.js';
import { type FetchedFile, type FetchLimits, SafeFetch } from '../../../../platform/media-store/safe-fetch.js';
import {
  type ProviderAnswer,
  type ProviderFile,
  ProviderMedia,
  type ProviderRefusal,
} from '../../application/media/provider-media.js';
import type { Sender } from '../../application/outbound/whatsapp.js';
import { readSha256 } from '../../domain/media.js';
import { type GraphAnswer, GraphClient, graphPath } from './graph-client.js';
import { GraphFiles } from './graph-files.js';
import { classOf, graphFailure, lostError } from './meta-errors.js';

/** Where Meta keeps files: its links lead to these and nowhere else (Meta, "Media"; webhook references). */
const META_FILE_HOSTS = ['lookaside.fbsbx.com', '*.whatsapp.net', '*.fbcdn.net'];
/** Milliseconds for a download, whatever its size: a line that is slower is asked again. */
const DOWNLOAD_MS = 10 * 60 * 1000;

/** A media id that does not exist any more, or belongs to another number. */
const NO_SUCH_OBJECT = 100;
/** Meta's own trouble with a file. */
const MEDIA_TROUBLE: readonly number[] = [131052];

/** Files at Meta (Meta, "Media"): found by id, fetched by a link that lives five minutes, put there for 30 days. */
@Injectable()
export class MetaMedia extends ProviderMedia {
  readonly #hosts: readonly string[];

  constructor(
    config: Config,
    private readonly graph: GraphClient,
    private readonly files: GraphFiles,
    private readonly safeFetch: SafeFetch,
  ) {
    super();
    const { hostname } = new URL(config.WHATSAPP_GRAPH_URL);
    this.#hosts = [hostname.replace(/^\[|\]$/g, ''), ...META_FILE_HOSTS];
  }

  async find({ phoneNumberId, accessToken }: Sender, providerMediaId: string): Promise<ProviderAnswer<ProviderFile>> {
    const answer = await this.graph.request({
      method: 'GET',
      path: graphPath(providerMediaId),
      query: { phone_number_id: phoneNumberId },
      accessToken,
    });
    const refusal = refusalOf(answer, accessToken);
    if (refusal) return refusal;
    const { url, mime_type: type, sha256, file_size: size } = jsonOf(answer);
    if (typeof url !== 'string') return NO_SENSE;
    const digest = readSha256(typeof sha256 === 'string' ? sha256 : undefined);
    return {
      kind: 'done',
      result: {
        url,
        mimeType: typeof type === 'string' ? type : 'application/octet-stream',
        sha256: digest && Buffer.from(digest),
        size: Number.isSafeInteger(Number(size)) && size !== null ? Number(size) : undefined,
      },
    };
  }

  download(
    { accessToken }: Sender,
    url: string,
    limits: Pick<FetchLimits, 'maxBytes' | 'signal'>,
  ): Promise<FetchedFile> {
    return this.safeFetch.fetch(url, { ...limits, deadline: DOWNLOAD_MS, hosts: this.#hosts, bearer: accessToken });
  }

  async upload(
    { phoneNumberId, accessToken }: Sender,
    file: { readonly bytes: Readable; readonly size: number; readonly mimeType: string; readonly filename: string },
  ): Promise<ProviderAnswer<{ readonly providerMediaId: string }>> {
    const fields = { messaging_product: 'whatsapp', type: file.mimeType };
    const answer = await this.files.post(graphPath(phoneNumberId, 'media'), { ...file, fields }, accessToken);
    const refusal = refusalOf(answer, accessToken);
    if (refusal) return refusal.kind === 'gone' ? { ...refusal, kind: 'refused' } : refusal;
    const { id } = jsonOf(answer);
    return typeof id === 'string' && id !== '' ? { kind: 'done', result: { providerMediaId: id } } : NO_SENSE;
  }
}

const NO_SENSE: ProviderRefusal = {
  kind: 'try-again',
  code: 'NO_SENSE',
  detail: 'The answer does not tell of the file',
};

/** What an answer other than the wished one means; a fault of the way or of Meta's own may pass. */
function refusalOf(answer: GraphAnswer, accessToken: string): ProviderRefusal | undefined {
  if (answer.kind === 'lost') {
    const { code, title } = lostError(answer);
    return { kind: 'try-again', code, detail: title };
  }
  const failure = graphFailure(answer, accessToken);
  if (!failure) return answer.status < 300 ? undefined : { ...NO_SENSE, code: answer.status };
  const { code, title, detail, httpStatus } = failure.error;
  return { kind: kindOf(code, httpStatus), code, detail: detail ?? title };
}

function kindOf(code: number, httpStatus: number): ProviderRefusal['kind'] {
  if (code === NO_SUCH_OBJECT) return 'gone';
  if (MEDIA_TROUBLE.includes(code)) return 'try-again';
  switch (classOf(code)?.kind) {
    case 'credential':
      return 'credential';
    case 'throttled':
    case 'soft-unknown':
      return 'try-again';
    case 'refused':
      return 'refused';
    default:
      return httpStatus >= 500 ? 'try-again' : 'refused';
  }
}

function jsonOf(answer: GraphAnswer): Record<string, unknown> {
  return answer.kind === 'answered' ? (answer.json as Record<string, unknown>) : {};
}
