import { Injectable, Logger } from '@nestjs/common';
import { Queries } from '../../../../platform/cqrs/commands.js';
import { Metrics } from '../../../../platform/metrics/metrics.js';
import { LanguageOf } from '../../../customers/index.js';
import { CheckTemplate, type MessageContent, SendableFiles } from '../../../messaging/index.js';
import type { FlowStep } from '../../domain/flow-step.js';
import { variablesOf } from '../../domain/variables.js';
import { languageOf, render } from './render.js';
import { isUnsayable } from './unsayable.js';
import { VariableSources } from './variable-sources.js';

/** To whom a step speaks. */
export interface Listener {
  readonly contactId: string;
  readonly threadId: string;
  readonly phoneNumberId: string;
  /** What they answered so far. */
  readonly answers: Readonly<Record<string, string>>;
}

/** Puts steps into words for one customer. */
@Injectable()
export class Sayings {
  readonly #logger = new Logger('Flows');
  readonly #unsaid;

  constructor(
    private readonly sources: VariableSources,
    private readonly files: SendableFiles,
    private readonly queries: Queries,
    metrics: Metrics,
  ) {
    this.#unsaid = metrics.counter(
      'flow_steps_unsaid_total',
      'Automatic steps that were not sent, by what kept them: MISSING_VARIABLES, CONTENT_REFUSED, TEMPLATE_REFUSED, MEDIA_NOT_FOUND, MEDIA_NOT_SENDABLE, LINK_NOT_PUBLIC',
      ['reason'],
    );
  }

  /** Undefined: it cannot be said to them now, which is logged and counted; never with blanks (C19). */
  async say(step: FlowStep, listener: Listener): Promise<MessageContent | undefined> {
    try {
      const content = await this.#compose(step, listener);
      await this.files.checkOwn(content);
      if (content.type === 'template') await this.queries.execute(new CheckTemplate(listener.phoneNumberId, content));
      return content;
    } catch (error) {
      if (!isUnsayable(error)) throw error;
      this.#unsaid.inc({ reason: error.code });
      this.#logger.warn(`Step ${step.key} was not sent to thread ${listener.threadId}: ${error.message}`);
      return undefined;
    }
  }

  async #compose(step: FlowStep, { contactId, threadId, answers }: Listener): Promise<MessageContent> {
    const names = variablesOf(step);
    if (names.length === 0 && Object.keys(step.translations).length === 0) return render(step, undefined, new Map());
    const wanted = await this.queries.execute(new LanguageOf(contactId));
    const language = languageOf(step, wanted);
    const values = await this.sources.resolve(variablesOf(step, language), answers, { contactId, threadId, language });
    return render(step, wanted, values);
  }
}
