import { Injectable, Logger } from '@nestjs/common';
import { DomainError } from '../../../../kernel/domain-error.js';
import { Queries } from '../../../../platform/cqrs/commands.js';
import { Metrics } from '../../../../platform/metrics/metrics.js';
import { LanguageOf } from '../../../customers/index.js';
import { CheckTemplate, ContentRefused, type MessageContent, TemplateRefused } from '../../../messaging/index.js';
import { MissingVariables } from '../../domain/flow-errors.js';
import type { FlowStep } from '../../domain/flow-step.js';
import { variablesOf } from '../../domain/variables.js';
import { languageOf, render } from './render.js';
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
    private readonly queries: Queries,
    metrics: Metrics,
  ) {
    this.#unsaid = metrics.counter(
      'flow_steps_unsaid_total',
      'Automatic steps that were not sent, by what kept them: MISSING_VARIABLES, CONTENT_REFUSED, TEMPLATE_REFUSED',
      ['reason'],
    );
  }

  /** Undefined: it cannot be said to them now, which is logged and counted; never with blanks (C19). */
  async say(step: FlowStep, listener: Listener): Promise<MessageContent | undefined> {
    try {
      const content = await this.#compose(step, listener);
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

function isUnsayable(error: unknown): error is DomainError {
  return error instanceof MissingVariables || error instanceof ContentRefused || error instanceof TemplateRefused;
}
