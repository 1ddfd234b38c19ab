import { Injectable } from '@nestjs/common';
import { Clock } from '../../../../kernel/clock.js';
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
import { atStep, besides } from '../../domain/position.js';
import { variablesOf } from '../../domain/variables.js';
import { OpenFlows } from '../engine/open-flows.js';
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
    private readonly flows: OpenFlows,
    private readonly positions: Positions,
    private readonly sources: VariableSources,
    private readonly files: SendableFiles,
    private readonly queries: Queries,
    private readonly commands: Commands,
    private readonly clock: Clock,
  ) {
    super();
  }

  async compose({ templateKey, variables, threadId, contactId }: StepToCompose): Promise<ComposedMessage> {
    const flow = await this.flows.find(threadId, this.clock.now());
    const step = flow?.newest.steps.find(({ key }) => key === templateKey);
    if (!flow || !step) throw new FlowTemplateNotFound(templateKey);
    if (!step.isActive) throw new StepInactive(templateKey);
    const wanted = await this.queries.execute(new LanguageOf(contactId));
    const language = languageOf(step, wanted);
    const of = { contactId, threadId, language };
    const values = await this.#valuesOf(step, variables, flow.position?.answers ?? {}, of);
    const content = render(step, wanted, values);
    await this.files.checkOwn(content);
    return {
      content,
      accepted: async () => {
        await this.#stand(threadId, step);
        if (step.handsOff) await this.commands.execute(new HandToPeople(threadId, 'flow'));
      },
    };
  }

  /** Where it stands now: of several steps that leave together each finds what the one before has made of it. */
  async #stand(threadId: string, step: FlowStep): Promise<void> {
    const flow = await this.flows.find(threadId, this.clock.now());
    if (!flow) return;
    const { graph, newest, position } = flow;
    const at = atStep(position, newest.version, step.key);
    await this.positions.set(threadId, position ? besides(graph, position, at, step) : at);
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
