import { Injectable, Optional } from '@nestjs/common';
import { Resolver } from 'node:dns/promises';

/** How long one name server is waited for, and how often: half of what a dial may take. */
const PATIENCE = { timeout: 1000, tries: 2 };

export interface FoundAddress {
  readonly address: string;
  readonly family: 4 | 6;
}

/**
 * What a stranger's name points to, asked of the machine's name servers over sockets of our own. The system's resolver would do it on the threads
 * that everybody's look-ups share: one stranger whose name servers say nothing could hold them all.
 */
@Injectable()
export class NameLookup {
  readonly #asked = new Map<string, Promise<readonly FoundAddress[]>>();

  constructor(@Optional() private readonly resolver: Resolver = new Resolver(PATIENCE)) {}

  /** Rejects when the name is not known. Whoever asks for a name that is being asked for waits for the same answer. */
  all(host: string): Promise<readonly FoundAddress[]> {
    const asked = this.#asked.get(host) ?? this.#ask(host).finally(() => this.#asked.delete(host));
    this.#asked.set(host, asked);
    return asked;
  }

  async #ask(host: string): Promise<readonly FoundAddress[]> {
    const [four, six] = await Promise.allSettled([this.resolver.resolve4(host), this.resolver.resolve6(host)]);
    if (four.status === 'rejected' && six.status === 'rejected') throw four.reason;
    return [...found(four, 4), ...found(six, 6)];
  }
}

function found(answer: PromiseSettledResult<string[]>, family: 4 | 6): FoundAddress[] {
  return answer.status === 'fulfilled' ? answer.value.map((address) => ({ address, family })) : [];
}
