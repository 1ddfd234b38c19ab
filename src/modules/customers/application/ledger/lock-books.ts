import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { CustomerAccounts } from './customer-accounts.js';

/**
 * Locks a customer's books until the transaction ends: whatever may forbid a reminder does so first (D2).
 * @returns the customer's id, another one when theirs was absorbed @throws CustomerNotFound
 */
export class LockBooks extends Command<string> {
  constructor(readonly customerId: string) {
    super();
  }
}

@CommandHandler(LockBooks)
export class LockBooksHandler implements ICommandHandler<LockBooks> {
  constructor(private readonly accounts: CustomerAccounts) {}

  execute({ customerId }: LockBooks): Promise<string> {
    return this.accounts.lock(customerId);
  }
}
