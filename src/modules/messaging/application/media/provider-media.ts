import type { Readable } from 'node:stream';
import type { FetchedFile, FetchLimits } from '../../../../platform/media-store/safe-fetch.js';
import type { Sender } from '../outbound/whatsapp.js';

/** A file as the provider describes it. */
export interface ProviderFile {
  readonly mimeType: string;
  readonly sha256: Buffer | undefined;
  readonly size: number | undefined;
  /** Lives for minutes (F10), and asks for the account's token. */
  readonly url: string;
}

/** The provider did not do it: `gone` when it keeps the file no more, `refused` when it says no, `credential` when the token is dead. */
export interface ProviderRefusal {
  readonly kind: 'gone' | 'refused' | 'credential' | 'try-again';
  readonly code: number | string;
  readonly detail: string;
}

/** What came of asking the provider about a file. */
export type ProviderAnswer<Result> = { readonly kind: 'done'; readonly result: Result } | ProviderRefusal;

/** Files at the provider. Never inside a transaction; never throws for what the provider or the network does. */
export abstract class ProviderMedia {
  abstract find(sender: Sender, providerMediaId: string): Promise<ProviderAnswer<ProviderFile>>;
  /** The token goes to the provider's own hosts and nowhere else. */
  abstract download(
    sender: Sender,
    url: string,
    limits: Pick<FetchLimits, 'maxBytes' | 'signal'>,
  ): Promise<FetchedFile>;
  /** @returns the provider's id of it, which it keeps for about 30 days */
  abstract upload(
    sender: Sender,
    file: { readonly bytes: Readable; readonly size: number; readonly mimeType: string; readonly filename: string },
  ): Promise<ProviderAnswer<{ readonly providerMediaId: string }>>;
}
