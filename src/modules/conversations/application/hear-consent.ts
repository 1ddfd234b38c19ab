import { Injectable } from '@nestjs/common';
import { Commands } from '../../../platform/cqrs/commands.js';
import { OptIn, OptOut } from '../../customers/index.js';
import type { InboundBody, InboundMessage } from '../../messaging/index.js';
import { type ConsentWord, consentWord } from '../domain/consent-words.js';

/** What a customer's STOP or START changed; undefined: nothing. */
export type ConsentChange = 'opted-out' | 'opted-in' | undefined;

/** STOP or START, written or tapped; undefined: something else. */
export function consentWordIn(body: InboundBody): ConsentWord | undefined {
  if (body.type === 'text') return consentWord(body.text);
  return body.type === 'tap' ? (consentWord(body.id) ?? consentWord(body.title)) : undefined;
}

/**
 * Hears STOP and START in the message's transaction, before and apart from whatever answers it: it counts when nothing may answer, when
 * the customer writes too fast, and when a step of the pipeline fails (D2, D8).
 */
@Injectable()
export class HearConsent {
  constructor(private readonly commands: Commands) {}

  async hear({ body, wamid, sentAt }: InboundMessage, contactId: string): Promise<ConsentChange> {
    const word = consentWordIn(body);
    if (!word) return undefined;
    const said = body.type === 'text' ? body.text : body.type === 'tap' ? body.title : '';
    const consent = { customerId: contactId, message: { wamid, said, at: sentAt } };
    if (word.wish === 'stop') return (await this.commands.execute(new OptOut(consent))) ? 'opted-out' : undefined;
    return (await this.commands.execute(new OptIn(consent))) ? 'opted-in' : undefined;
  }
}
