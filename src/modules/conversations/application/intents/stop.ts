import { Injectable } from '@nestjs/common';
import { CONSENT_TEXTS } from '../../domain/texts.js';
import { consentWordIn } from '../hear-consent.js';
import type { MessageContext } from '../pipeline/message-context.js';
import { HandlesIntent, IntentHandler } from './intent-handler.js';

/** Confirms STOP, and says how to come back (D8). What it means was done before anything answered. */
@Injectable()
@HandlesIntent({ name: 'conversations.stop', priority: 50, tapsExpire: 'never' })
export class ConfirmStop extends IntentHandler {
  recognizes({ message: { body } }: MessageContext): boolean {
    return consentWordIn(body)?.wish === 'stop';
  }

  async answer(context: MessageContext): Promise<void> {
    const language = consentWordIn(context.message.body)?.language ?? 'en';
    await context.reply({ type: 'text', body: CONSENT_TEXTS.stopped[language] });
  }
}

/** Confirms START to who had said STOP; for everybody else START asks for the menu, like other greetings. */
@Injectable()
@HandlesIntent({ name: 'conversations.start', priority: 60, tapsExpire: 'never' })
export class ConfirmStart extends IntentHandler {
  recognizes({ consentChange }: MessageContext): boolean {
    return consentChange === 'opted-in';
  }

  async answer(context: MessageContext): Promise<void> {
    const language = consentWordIn(context.message.body)?.language ?? 'en';
    await context.reply({ type: 'text', body: CONSENT_TEXTS.started[language] });
  }
}
