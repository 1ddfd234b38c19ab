import { Injectable } from '@nestjs/common';
import { Queries } from '../../../../platform/cqrs/commands.js';
import { consentWordIn } from '../../../conversations/index.js';
import { FindReadyNumber, UsableTemplates } from '../../../messaging/index.js';
import type { FlowGraph } from '../../domain/flow-graph.js';
import type { Surroundings } from '../../domain/lint/surroundings.js';
import { SuppliesOfSteps } from '../engine/supplies.js';
import { VariableSources } from '../engine/variable-sources.js';
import { refusalsOf } from './refusals-of.js';

/** Finds out what is known around a merchant's flow. */
@Injectable()
export class SurroundingsOfFlow {
  constructor(
    private readonly sources: VariableSources,
    private readonly supplies: SuppliesOfSteps,
    private readonly queries: Queries,
  ) {}

  async find({ steps }: Pick<FlowGraph, 'steps'>): Promise<Surroundings> {
    const supplies = await this.supplies.anywhere(steps);
    return {
      variables: new Set(this.sources.names),
      whatsappTemplates: await this.#templates(),
      refusalsOf: (step) => refusalsOf(step, supplies),
      isStopWord: (text) => consentWordIn({ type: 'text', text })?.wish === 'stop',
    };
  }

  /** Of the number that messages leave from; undefined while there is none, or its account was never synced. */
  async #templates(): Promise<ReadonlySet<string> | undefined> {
    const number = await this.queries.execute(new FindReadyNumber());
    if (number === undefined) return undefined;
    const usable = await this.queries.execute(new UsableTemplates(number));
    return usable.length === 0 ? undefined : new Set(usable.map(({ name, language }) => `${name}/${language}`));
  }
}
