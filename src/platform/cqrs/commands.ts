import { Injectable } from '@nestjs/common';
import { type Command, CommandBus, type Query, QueryBus } from '@nestjs/cqrs';
import { UnitOfWork } from '../database/unit-of-work.js';

const ownTransactions = new WeakSet<object>();

/**
 * Marks a command that calls out over HTTP between its transactions (connecting an account, for one), or a command or query that works long
 * without the database. It opens them itself, and its documentation says what a crash between them leaves behind.
 */
export function OpensItsOwnTransactions(): ClassDecorator {
  return (marked) => void ownTransactions.add(marked);
}

/** Executes commands, each in one transaction of the current tenant; a command inside a command joins it. */
@Injectable()
export class Commands {
  constructor(
    private readonly bus: CommandBus,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  execute<Result>(command: Command<Result>): Promise<Result> {
    if (ownTransactions.has(command.constructor)) return this.bus.execute(command);
    return this.unitOfWork.run(() => this.bus.execute(command));
  }
}

/** Executes queries, each in one transaction of the current tenant, so that row security holds for reads too. */
@Injectable()
export class Queries {
  constructor(
    private readonly bus: QueryBus,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  execute<Result>(query: Query<Result>): Promise<Result> {
    if (ownTransactions.has(query.constructor)) return this.bus.execute(query);
    return this.unitOfWork.run(() => this.bus.execute(query));
  }
}
