import { Injectable } from '@nestjs/common';
import { lookup } from 'node:dns/promises';

export interface FoundAddress {
  readonly address: string;
  readonly family: number;
}

/** What a host's name points to, asked of the machine's resolver. */
@Injectable()
export class NameLookup {
  /** Rejects when the name is not known. */
  all(host: string): Promise<readonly FoundAddress[]> {
    return lookup(host, { all: true, verbatim: true });
  }
}
