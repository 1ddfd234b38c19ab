import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import type { CustomerView } from './customer-view.js';
import { Customers } from './customers.js';

/** A customer, archived or not; one who was absorbed answers with whom they became. @throws CustomerNotFound */
export class FindCustomer extends Query<CustomerView> {
  constructor(readonly customerId: string) {
    super();
  }
}

@QueryHandler(FindCustomer)
export class FindCustomerHandler implements IQueryHandler<FindCustomer> {
  constructor(private readonly customers: Customers) {}

  execute({ customerId }: FindCustomer): Promise<CustomerView> {
    return this.customers.find(customerId);
  }
}
