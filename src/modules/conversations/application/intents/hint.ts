import { Injectable } from '@nestjs/common';
import { TEXTS } from '../../domain/texts.js';
import type { MessageContext } from '../pipeline/message-context.js';
import { HandlesIntent, IntentHandler } from './intent-handler.js';

/**
 * Tells a customer whom nothing else understood how to start: once a session, because the next ten messages may be meant for a person.
 * Pictures, places and the like are left to people, and so are taps on what no menu of ours has shown.
 */
@Injectable()
@HandlesIntent({ name: 'conversations.hint', priority: 9000, tapsExpire: 'never' })
export class Hint extends IntentHandler {
  recognizes({ message: { body }, session, writtenAt }: MessageContext): boolean {
    if (session.wasHinted) return false;
    return (
      body.type === 'text' || (body.type === 'tap' && body.source !== 'template' && session.menuIsOpenAt(writtenAt))
    );
  }

  async answer(context: MessageContext): Promise<void> {
    context.session.noteHint(context.now);
    await context.reply({ type: 'text', body: TEXTS.hint });
  }
}
