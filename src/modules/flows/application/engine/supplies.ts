import { Injectable } from '@nestjs/common';
import { Queries } from '../../../../platform/cqrs/commands.js';
import {
  FindReadyNumber,
  type KnownFiles,
  type KnownTemplates,
  type MessageContent,
  type RenderedTemplate,
  SendableFiles,
  type TemplateContent,
  TemplatesOfMerchant,
  TemplatesOfNumber,
} from '../../../messaging/index.js';
import type { FlowStep } from '../../domain/flow-step.js';

/** What steps show that is not the flow's own, as it stood when it was looked up: the merchant's files, and templates of WhatsApp's. */
export class Supplies {
  constructor(
    private readonly files: KnownFiles,
    private readonly templates: KnownTemplates,
  ) {}

  /** @throws LinkNotPublic, MediaNotFound, MediaNotSendable, TemplateRefused */
  check(content: MessageContent): void {
    this.checkFile(content);
    this.checkTemplate(content);
  }

  /** @throws LinkNotPublic, MediaNotFound, MediaNotSendable */
  checkFile(content: MessageContent): void {
    this.files.check(content);
  }

  /** @throws TemplateRefused */
  checkTemplate(content: MessageContent): void {
    if (content.type === 'template') this.templates.check(content);
  }

  /** A template as the customer sees it; undefined: it is not known here. */
  render(content: TemplateContent): RenderedTemplate | undefined {
    return this.templates.render(content);
  }
}

/** Looks up what steps show. */
@Injectable()
export class SuppliesOfSteps {
  constructor(
    private readonly files: SendableFiles,
    private readonly queries: Queries,
  ) {}

  /** Templates of any account: what one of them takes can be sent. */
  async anywhere(steps: readonly FlowStep[]): Promise<Supplies> {
    return this.#with(await this.queries.execute(new TemplatesOfMerchant(templatesIn(steps))), steps);
  }

  /** Templates of the number that messages leave from; while there is none, of any account. */
  async ofReadyNumber(steps: readonly FlowStep[]): Promise<Supplies> {
    const number = await this.queries.execute(new FindReadyNumber());
    if (number === undefined) return this.anywhere(steps);
    return this.#with(await this.queries.execute(new TemplatesOfNumber(number, templatesIn(steps))), steps);
  }

  async #with(templates: KnownTemplates, steps: readonly FlowStep[]): Promise<Supplies> {
    return new Supplies(await this.files.known(steps.flatMap(({ media }) => media?.mediaId ?? [])), templates);
  }
}

function templatesIn(steps: readonly FlowStep[]): readonly string[] {
  const sent = steps.flatMap(({ whatsappTemplate, translations }) => [
    whatsappTemplate,
    ...Object.values(translations).map((translation) => translation.whatsappTemplate),
  ]);
  return [...new Set(sent.flatMap((template) => template?.name ?? []))];
}
