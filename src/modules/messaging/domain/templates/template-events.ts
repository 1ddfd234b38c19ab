import { DomainEvent } from '../../../../kernel/domain-event.js';
import type { TemplateChanges } from './learn-template.js';

/** Status or quality of a template moved. */
export class TemplateChanged extends DomainEvent {
  readonly type = 'messaging.template-changed';
  readonly payload: {
    readonly accountId: string;
    readonly name: string;
    readonly language: string;
    readonly status: string;
    readonly quality: string | null;
    readonly changes: TemplateChanges;
  };
  constructor(
    readonly aggregateId: string,
    payload: TemplateChanged['payload'],
  ) {
    super();
    this.payload = payload;
  }
}

/** The provider moved a template to another category, unasked (F8): what it costs, and whom it reaches, is another. */
export class TemplateRecategorised extends DomainEvent {
  readonly type = 'messaging.template-recategorised';
  readonly payload: {
    readonly accountId: string;
    readonly name: string;
    readonly language: string;
    readonly from: string;
    readonly to: string;
  };
  constructor(
    readonly aggregateId: string,
    payload: TemplateRecategorised['payload'],
  ) {
    super();
    this.payload = payload;
  }
}
