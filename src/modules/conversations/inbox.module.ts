import { Module } from '@nestjs/common';
import { CannedReplies } from './application/canned-replies/canned-replies.js';
import {
  AddCannedReplyHandler,
  ChangeCannedReplyHandler,
  ListCannedRepliesHandler,
  RemoveCannedReplyHandler,
} from './application/canned-replies/keep-canned-replies.js';
import { RenderCannedReplyHandler } from './application/canned-replies/render-canned-reply.js';
import { Conversations } from './application/conversations.js';
import { FindConversationHandler } from './application/find-conversation.js';
import { AssignConversationHandler } from './application/inbox/assign-conversation.js';
import { ChangeConversationHandler } from './application/inbox/change-conversation.js';
import { AddParticipantHandler, RemoveParticipantHandler } from './application/inbox/change-participants.js';
import { CountConversationsHandler } from './application/inbox/count-conversations.js';
import { DecideThreadTypeHandler } from './application/inbox/decide-thread-type.js';
import { ExportConversationsHandler } from './application/inbox/export-conversations.js';
import { InboxThreads } from './application/inbox/inbox-threads.js';
import {
  ApplyInboxPresetHandler,
  ListTypeRulesHandler,
  ReplaceTypeRulesHandler,
} from './application/inbox/keep-type-rules.js';
import { ListNotesHandler } from './application/inbox/list-notes.js';
import { LostSight } from './application/inbox/lost-sight.js';
import { MarkReadHandler } from './application/inbox/mark-read.js';
import { Notes } from './application/inbox/notes.js';
import { OpenConversationHandler } from './application/inbox/open-conversation.js';
import { TakeOffWhoSeesNoMore } from './application/inbox/take-off-who-sees-no-more.js';
import { TypeRules } from './application/inbox/type-rules.js';
import { RemoveNoteHandler, RewriteNoteHandler, WriteNoteHandler } from './application/inbox/write-note.js';
import {
  AddLabelHandler,
  ChangeLabelHandler,
  ListLabelsHandler,
  RemoveLabelHandler,
} from './application/labels/keep-labels.js';
import { LabelConversationHandler, UnlabelConversationHandler } from './application/labels/label-conversation.js';
import { Labels } from './application/labels/labels.js';
import { ListConversationsHandler } from './application/list-conversations.js';
import { CannedRepliesController } from './infrastructure/canned-replies/canned-replies.controller.js';
import { SqlCannedReplies } from './infrastructure/canned-replies/sql-canned-replies.js';
import { ConversationsController } from './infrastructure/conversations.controller.js';
import { NotesController } from './infrastructure/inbox/notes.controller.js';
import { SqlConversations } from './infrastructure/inbox/sql-conversations.js';
import { SqlInboxThreads } from './infrastructure/inbox/sql-inbox-threads.js';
import { SqlNotes } from './infrastructure/inbox/sql-notes.js';
import { SqlTypeRules } from './infrastructure/inbox/sql-type-rules.js';
import { TypeRulesController } from './infrastructure/inbox/type-rules.controller.js';
import { WorkController } from './infrastructure/inbox/work.controller.js';
import { LabelsController } from './infrastructure/labels/labels.controller.js';
import { SqlLabels } from './infrastructure/labels/sql-labels.js';
import { ThreadsModule } from './threads.module.js';

const READING = [
  CountConversationsHandler,
  ExportConversationsHandler,
  FindConversationHandler,
  ListConversationsHandler,
  ListNotesHandler,
];
const WORK = [
  AddParticipantHandler,
  AssignConversationHandler,
  ChangeConversationHandler,
  DecideThreadTypeHandler,
  LabelConversationHandler,
  LostSight,
  MarkReadHandler,
  OpenConversationHandler,
  RemoveNoteHandler,
  RemoveParticipantHandler,
  RewriteNoteHandler,
  TakeOffWhoSeesNoMore,
  UnlabelConversationHandler,
  WriteNoteHandler,
];
const KEPT = [
  AddCannedReplyHandler,
  AddLabelHandler,
  ApplyInboxPresetHandler,
  ChangeCannedReplyHandler,
  ChangeLabelHandler,
  ListCannedRepliesHandler,
  ListLabelsHandler,
  ListTypeRulesHandler,
  RemoveCannedReplyHandler,
  RemoveLabelHandler,
  RenderCannedReplyHandler,
  ReplaceTypeRulesHandler,
];

/** The shared inbox: lists, search, counts, who works on what, notes, labels, canned replies. */
@Module({
  imports: [ThreadsModule],
  controllers: [
    ConversationsController,
    WorkController,
    NotesController,
    LabelsController,
    CannedRepliesController,
    TypeRulesController,
  ],
  providers: [
    ...READING,
    ...WORK,
    ...KEPT,
    { provide: CannedReplies, useClass: SqlCannedReplies },
    { provide: Conversations, useClass: SqlConversations },
    { provide: InboxThreads, useClass: SqlInboxThreads },
    { provide: Labels, useClass: SqlLabels },
    { provide: Notes, useClass: SqlNotes },
    { provide: TypeRules, useClass: SqlTypeRules },
  ],
  exports: [InboxThreads, TypeRules],
})
export class InboxModule {}
