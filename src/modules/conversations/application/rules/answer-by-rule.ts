import { Injectable, Logger } from '@nestjs/common';
import { DomainError } from '../../../../kernel/domain-error.js';
import { Queries } from '../../../../platform/cqrs/commands.js';
import { CheckTemplate, type InboundBody, type TemplateContent } from '../../../messaging/index.js';
import { saysTheSame } from '../../domain/rules/reply-matching.js';
import { consentWordIn } from '../hear-consent.js';
import { InboundMiddleware, type Next, PipelineMiddleware } from '../pipeline/inbound-middleware.js';
import type { MessageContext } from '../pipeline/message-context.js';
import { ReplyRules } from './reply-rules.js';

/** A reply without a quotation is one to the last template, for so long. */
const ANSWERS_WITHIN_MS = 24 * 3_600_000;
/** What `once` of these answers begins with. */
export const RULE_KEYS = 'rule:';

/**
 * "Yes" to one template sends another (S1.9, C50), typed or tapped, once for each template that was answered. A rule is the merchant's explicit
 * order: it holds while a person answers, too; not when the conversation is blocked. STOP and START go before. A template that cannot be sent
 * leaves the message to whoever comes next.
 */
@Injectable()
@PipelineMiddleware({ order: 150 })
export class AnswerByRule extends InboundMiddleware {
  readonly #logger = new Logger('ReplyRules');

  constructor(
    private readonly rules: ReplyRules,
    private readonly queries: Queries,
  ) {
    super();
  }

  async handle(context: MessageContext, next: Next): Promise<void> {
    if (!(await this.#answer(context))) return next();
    context.outcome = 'reply-rule';
  }

  async #answer(context: MessageContext): Promise<boolean> {
    const { body, contextWamid } = context.message;
    const said = saidIn(body);
    if (said === undefined || consentWordIn(body)) return false;
    const waiting = (await this.rules.list()).filter(({ enabled, reply }) => enabled && saysTheSame(said, reply));
    if (waiting.length === 0) return false;
    const since = new Date(context.writtenAt.getTime() - ANSWERS_WITHIN_MS);
    const answered = await this.rules.answered(context.thread.id, contextWamid, since);
    const rule = waiting.find(({ templateName }) => templateName === answered?.name);
    if (!rule || !answered) return false;
    const { sendTemplate: name, sendLanguage } = rule;
    const template = { type: 'template', name, language: sendLanguage ?? answered.language } as const;
    if (!(await this.#canSend(context.thread.phoneNumberId, template, rule.id))) return false;
    await context.reply(template, `${RULE_KEYS}${rule.id}:${answered.wamid ?? answered.messageId}`);
    return true;
  }

  async #canSend(phoneNumberId: string, template: TemplateContent, ruleId: string): Promise<boolean> {
    try {
      await this.queries.execute(new CheckTemplate(phoneNumberId, template));
      return true;
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      this.#logger.warn(`Rule ${ruleId} cannot send its template: ${error.message}`);
      return false;
    }
  }
}

function saidIn(body: InboundBody): string | undefined {
  if (body.type === 'text') return body.text;
  return body.type === 'tap' ? body.title : undefined;
}
