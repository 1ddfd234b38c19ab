import { Injectable } from '@nestjs/common';
import { TEXTS } from '../../domain/texts.js';
import type { MessageContext } from '../pipeline/message-context.js';
import { CurrentDues } from './current-due.js';
import { HandlesIntent, IntentHandler } from './intent-handler.js';

const CHECK_CURRENT_DUE = 'CHECK_CURRENT_DUE';

/** The menu's row "Current Due": tells what the customer owes (S0.67, S0.68). */
@Injectable()
@HandlesIntent({
  name: 'conversations.check-current-due',
  priority: 1000,
  menuRow: { id: CHECK_CURRENT_DUE, title: 'Current Due', description: 'View my current outstanding dues' },
})
export class CheckCurrentDue extends IntentHandler {
  constructor(private readonly dues: CurrentDues) {
    super();
  }

  recognizes({ message: { body } }: MessageContext): boolean {
    return body.type === 'tap' && body.id === CHECK_CURRENT_DUE;
  }

  async answer(context: MessageContext): Promise<void> {
    context.session.enter(CHECK_CURRENT_DUE);
    const told = await this.dues.tell(context.thread.contactId);
    await context.reply(told ?? { type: 'text', body: TEXTS.noDues });
  }
}
