import { PLATFORM } from '../../kernel/ids.js';

/** How soon it is looked again whether others than one tenant wait: what one alone is spared. */
const ALONE_FOR_MS = 250;
/** One claim in so many goes to whatever has waited longest: lanes of no tenant and those that a dead process left have no turn. */
const LONGEST_DUE_EVERY = 8;

/** Whose turn it is, of the tenants that have due lanes of one kind. */
export class Turns {
  /** More is due than was claimed at once. */
  isCrowded = false;
  #last: string = PLATFORM;
  #before: string | undefined;
  #lookAgainAt = 0;
  #claims = 0;

  constructor(private readonly now = (): number => performance.now()) {}

  /** The tenant that had the last turn. */
  get last(): string {
    return this.#last;
  }

  /** Whether the next claim goes by turns. */
  areDue(): boolean {
    if (!this.isCrowded || this.now() < this.#lookAgainAt) return false;
    this.#claims++;
    return this.#claims % LONGEST_DUE_EVERY !== 0;
  }

  /** These had their turn, in this order. */
  went(tenants: readonly string[]): void {
    this.#last = tenants.at(-1) ?? PLATFORM;
    if (tenants.length < 2 && this.#isSame(tenants)) this.#lookAgainAt = this.now() + ALONE_FOR_MS;
    this.#before = tenants[0];
  }

  /** One tenant, twice in a row: nobody else waits. */
  #isSame([only]: readonly string[]): boolean {
    return only === undefined || only === this.#before;
  }
}
