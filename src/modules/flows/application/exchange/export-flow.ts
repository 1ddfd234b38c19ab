import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { Flows } from '../steps/flows.js';
import type { FlowDocument } from './flow-document.js';

/** The merchant's flow as it stands, to be taken elsewhere. */
export class ExportFlow extends Query<FlowDocument> {}

@QueryHandler(ExportFlow)
export class ExportFlowHandler implements IQueryHandler<ExportFlow> {
  constructor(private readonly flows: Flows) {}

  async execute(): Promise<FlowDocument> {
    const { steps, rules, fallbackTemplateKey = null, restartWords } = await this.flows.find();
    return {
      steps: steps.map(({ step, description }) => ({ ...step, ...(description !== null && { description }) })),
      rules,
      fallbackTemplateKey,
      restartWords,
    };
  }
}
