import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { Templates } from './templates.js';

export interface UsableTemplate {
  readonly name: string;
  readonly language: string;
  readonly category: string;
}

/** The templates that a number may send now (S1.36), by name; empty until the account was synced. */
export class UsableTemplates extends Query<UsableTemplate[]> {
  constructor(readonly phoneNumberId: string) {
    super();
  }
}

@QueryHandler(UsableTemplates)
export class UsableTemplatesHandler implements IQueryHandler<UsableTemplates> {
  constructor(private readonly templates: Templates) {}

  execute({ phoneNumberId }: UsableTemplates): Promise<UsableTemplate[]> {
    return this.templates.usableBy(phoneNumberId);
  }
}
