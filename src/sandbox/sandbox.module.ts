import { type DynamicModule, Module } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { Accounts } from './accounts.js';
import { AnswerErrors } from './answer-errors.js';
import { SandboxClock } from './clock.js';
import { ClockController } from './control/clock.controller.js';
import { FaultsController } from './control/faults.controller.js';
import { HandsetsController } from './control/handsets.controller.js';
import { LedgerController } from './control/ledger.controller.js';
import { StateController } from './control/state.controller.js';
import { WebhooksController } from './control/webhooks.controller.js';
import { Customers } from './customer.js';
import { Delivery } from './delivery.js';
import { Faults } from './faults.js';
import { AnswerWatch } from './graph/answer-watch.js';
import { FaultGate } from './graph/fault-gate.js';
import { MessagesController } from './graph/messages.controller.js';
import { Handsets } from './handset.js';
import { Ledger } from './ledger.js';
import { MediaStore } from './media-store.js';
import { MessageIntake } from './message-intake.js';
import { ReadReceipts } from './read-receipts.js';
import { RealTime } from './real-time.js';
import { SandboxSettings } from './settings.js';
import { Settling } from './settling.js';
import { Templates } from './templates.js';
import { Tokens } from './tokens.js';
import { WebhookSender } from './webhook-sender.js';

/** The WhatsApp sandbox: Meta's Graph API, the customers' phones, and the controls over both. */
@Module({})
export class SandboxModule {
  static with(settings: SandboxSettings, clock: SandboxClock): DynamicModule {
    return {
      module: SandboxModule,
      controllers: [
        LedgerController, HandsetsController, FaultsController, ClockController, WebhooksController, StateController,
        MessagesController,
      ],
      providers: [
        { provide: SandboxSettings, useValue: settings },
        { provide: SandboxClock, useValue: clock },
        { provide: APP_FILTER, useClass: AnswerErrors },
        Accounts, AnswerWatch, Customers, Delivery, FaultGate, Faults, Handsets, Ledger, MediaStore, MessageIntake,
        ReadReceipts, RealTime, Settling, Templates, Tokens, WebhookSender,
      ],
    };
  }
}
