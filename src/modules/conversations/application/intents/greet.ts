import { Injectable } from '@nestjs/common';
import { Config } from '../../../../platform/config/config.js';
import { isGreeting } from '../../domain/greeting.js';
import { TEXTS } from '../../domain/texts.js';
import type { MessageContext } from '../pipeline/message-context.js';
import { HandlesIntent, IntentHandler } from './intent-handler.js';
import { Intents } from './intents.js';

/** "Hi" starts over and shows the main menu (S0.65, S0.66, S0.74). Asked before all else: it is the way out of whatever went wrong. */
@Injectable()
@HandlesIntent({ name: 'conversations.greeting', priority: 100 })
export class Greet extends IntentHandler {
  constructor(
    private readonly intents: Intents,
    private readonly config: Config,
  ) {
    super();
  }

  recognizes({ message: { body }, wantsMenu }: MessageContext): boolean {
    return wantsMenu || (body.type === 'text' && isGreeting(body.text));
  }

  async answer(context: MessageContext): Promise<void> {
    context.session.openMenu(context.now, this.config.WHATSAPP_SESSION_TTL_MS);
    await context.reply({
      type: 'list',
      body: TEXTS.menu,
      button: TEXTS.menuButton,
      sections: [{ title: TEXTS.menuSection, rows: this.intents.menuRows }],
    });
  }
}
