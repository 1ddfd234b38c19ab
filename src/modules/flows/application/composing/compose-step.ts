import { Injectable } from '@nestjs/common';
import { Commands, Queries } from '../../../../platform/cqrs/commands.js';
import { HandToPeople } from '../../../conversations/index.js';
import { LanguageOf } from '../../../customers/index.js';
import {
  type ComposedMessage,
  ComposesMessages,
  FlowTemplateNotFound,
  MessageComposer,
  SendableFiles,
  type StepToCompose,
} from '../../../messaging/index.js';
import { StepInactive } from '../../domain/composing-errors.js';
import type { FlowStep } from '../../domain/flow-step.js';
import { atStep } from '../../domain/position.js';
import { variablesOf } from '../../domain/variables.js';
import { Graphs } from '../engine/graphs.js';
import { Positions } from '../engine/positions.js';
import { languageOf, render } from '../engine/render.js';
import { VariableSources } from '../engine/variable-sources.js';

/**
 * Makes a message of a step that a program sends on its own account (S2.28, S2.49): of the newest version, in the customer's language, with
 * the program's values first and what is known of the customer for the rest. A value that nobody has is a refusal, never a blank (C19).
 */
@Injectable()
@ComposesMessages()
export class ComposeStep extends MessageComposer {
  constructor(
    private readonly graphs: Graphs,
    private readonly positions: Positions,
    private readonly sources: VariableSources,
    private readonly files: SendableFiles,
    private readonly queries: Queries,
    private readonly commands: Commands,
  ) {
    super();
  }

  async compose({ templateKey, variables, threadId, contactId }: StepToCompose): Promise<ComposedMessage> {
    const graph = await this.graphs.newest();
    const step = graph?.steps.find(({ key }) => key === templateKey);
    if (!graph || !step) throw new FlowTemplateNotFound(templateKey);
    if (!step.isActive) throw new StepInactive(templateKey);
    const position = (await this.positions.find(threadId))?.position;
    const wanted = await this.queries.execute(new LanguageOf(contactId));
    const language = languageOf(step, wanted);
    const of = { contactId, threadId, language };
    const values = await this.#valuesOf(step, variables, position?.answers ?? {}, of);
    const content = render(step, wanted, values);
    await this.files.checkOwn(content);
    return {
      content,
      accepted: async () => {
        await this.positions.set(threadId, atStep(position, graph.version, templateKey));
        if (step.handsOff) await this.commands.execute(new HandToPeople(threadId, 'flow'));
      },
    };
  }

  async #valuesOf(
    step: FlowStep,
    given: Readonly<Record<string, string>>,
    answers: Readonly<Record<string, string>>,
    of: { contactId: string; threadId: string; language: string },
  ): Promise<ReadonlyMap<string, string>> {
    const own = Object.entries(given).filter(([, value]) => value.trim() !== '');
    const isGiven = new Set(own.map(([name]) => name));
    const asked = variablesOf(step, of.language).filter((name) => !isGiven.has(name));
    return new Map([...(await this.sources.resolve(asked, answers, of)), ...own]);
  }
}
