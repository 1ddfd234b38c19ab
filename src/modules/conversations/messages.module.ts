import { Module } from '@nestjs/common';
import { MessagingModule } from '../messaging/index.js';
import { ListConversationMessagesHandler } from './application/messages/list-conversation-messages.js';
import { MessageReader } from './application/messages/message-reader.js';
import { PlaceOutgoing } from './application/messages/place-outgoing.js';
import { SendInConversationHandler } from './application/messages/send-in-conversation.js';
import { Sending } from './application/messages/sending.js';
import { TranscriptHandler } from './application/messages/transcript.js';
import { AnswerByRule } from './application/rules/answer-by-rule.js';
import {
  AddReplyRuleHandler,
  ChangeReplyRuleHandler,
  ListReplyRulesHandler,
  RemoveReplyRuleHandler,
} from './application/rules/change-reply-rules.js';
import { ReplyRules } from './application/rules/reply-rules.js';
import { InboxModule } from './inbox.module.js';
import { ConversationMessagesController } from './infrastructure/messages/conversation-messages.controller.js';
import { HoldBackBehindAPerson } from './infrastructure/messages/hold-back-behind-a-person.js';
import { HoldBackFromBlocked } from './infrastructure/messages/hold-back-from-blocked.js';
import { ReplyRulesController } from './infrastructure/rules/reply-rules.controller.js';
import { SqlReplyRules } from './infrastructure/rules/sql-reply-rules.js';
import { ThreadsModule } from './threads.module.js';

/** Messages of a conversation: history, sends within the window, rules that answer with a template. */
@Module({
  imports: [MessagingModule, ThreadsModule, InboxModule],
  controllers: [ConversationMessagesController, ReplyRulesController],
  providers: [
    MessageReader,
    Sending,
    PlaceOutgoing,
    HoldBackFromBlocked,
    HoldBackBehindAPerson,
    SendInConversationHandler,
    ListConversationMessagesHandler,
    TranscriptHandler,
    AnswerByRule,
    ListReplyRulesHandler,
    AddReplyRuleHandler,
    ChangeReplyRuleHandler,
    RemoveReplyRuleHandler,
    { provide: ReplyRules, useClass: SqlReplyRules },
  ],
})
export class MessagesModule {}
