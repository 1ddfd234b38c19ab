import type { Readable } from 'node:stream';

/** Why a file that began to come did not come whole: its stream ends with this. */
export class FetchCutShort extends Error {
  constructor(readonly code: 'TOO_LARGE' | 'DEADLINE' | 'NETWORK') {
    super(`The file was cut short: ${code}`);
  }
}

export interface FetchLimits {
  readonly maxBytes: number;
  /** Milliseconds for the whole of it; a host that says nothing for half a minute is given up before. */
  readonly deadline: number;
  /** Aborted: `NETWORK`, at once. */
  readonly signal?: AbortSignal | undefined;
  /** Hosts that may be asked, exact or `*.example.com`; left out: any host with a public address. */
  readonly hosts?: readonly string[] | undefined;
  /** Goes to hosts of `hosts` only; giving one without hosts is a fault of ours. */
  readonly bearer?: string | undefined;
}

/** `bytes` must be read or destroyed; they end with `FetchCutShort` when a limit is met or the line breaks. */
export type FetchedFile =
  | {
      readonly kind: 'file';
      readonly mimeType: string | undefined;
      readonly size: number | undefined;
      readonly bytes: Readable;
    }
  /** `HOST_REFUSED`: not on the list, not https, or an address that is not public. `REDIRECTED`: answers that move elsewhere are not followed. */
  | {
      readonly kind: 'refused';
      readonly code:
        'HOST_REFUSED' | 'REDIRECTED' | 'TOO_LARGE' | 'GONE' | 'FORBIDDEN' | 'PROVIDER_ERROR' | 'DEADLINE' | 'NETWORK';
      readonly status?: number | undefined;
      /** Whether another try may fare better. */
      readonly retry: boolean;
    };

export interface PostLimits {
  /** Milliseconds for the whole of it. */
  readonly deadline: number;
  /** Of the answer's body no more than this is read. */
  readonly maxBytes: number;
  readonly signal?: AbortSignal | undefined;
}

/** A status is an answer, whatever it says; its body counts for nothing and is kept for people. */
export type PostAnswer =
  | {
      readonly kind: 'answered';
      readonly status: number;
      /** As the header says it. */
      readonly retryAfter: string | undefined;
      /** The beginning of the body, when the status is no 2xx; it may be cut anywhere. */
      readonly said: string;
    }
  | { readonly kind: 'refused'; readonly code: 'HOST_REFUSED' | 'DEADLINE' | 'NETWORK' };

/**
 * Calls addresses that a stranger may have chosen (F58): the address is checked when the connection is dialled, not before, so that a name
 * cannot point elsewhere meanwhile; no redirects, no credentials in the URL, https only (http where the Graph URL itself is).
 */
export abstract class SafeFetch {
  abstract fetch(url: string, limits: FetchLimits): Promise<FetchedFile>;
  /** Posts to a receiver of a merchant's; those that the operator vouches for (`Config.vouchesFor`) may be anywhere. */
  abstract post(
    url: string,
    body: string,
    headers: Readonly<Record<string, string>>,
    limits: PostLimits,
  ): Promise<PostAnswer>;
  /** Whether `post` would dial at all, as far as the words of the URL tell. */
  abstract mayPostTo(url: string): boolean;
}
