import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { SpeakingNumbers } from './speaking-numbers.js';

/** The number that the merchant's messages leave from where nothing else is said; undefined while none may send (S0.40, C67). */
export class FindReadyNumber extends Query<string | undefined> {}

@QueryHandler(FindReadyNumber)
export class FindReadyNumberHandler implements IQueryHandler<FindReadyNumber> {
  constructor(private readonly numbers: SpeakingNumbers) {}

  execute(): Promise<string | undefined> {
    return this.numbers.ready();
  }
}
