import { BusinessPhone } from './business-phone.js';
import { BusinessPhoneController } from './control/business-phone.controller.js';
import { NumberNews } from './number-news.js';
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
import { ReviewController } from './control/templates.controller.js';
import { Customers } from './customer.js';
import { Delivery } from './delivery.js';
import { Faults } from './faults.js';
import { AccountsController } from './graph/accounts.controller.js';
import { AnswerWatch } from './graph/answer-watch.js';
import { AppSubscriptionsController } from './graph/app-subscriptions.controller.js';
import { FaultGate } from './graph/fault-gate.js';
import { MediaController } from './graph/media.controller.js';
import { MessagesRoute } from './graph/messages-route.js';
import { NodesController } from './graph/nodes.controller.js';
import { NumbersController } from './graph/numbers.controller.js';
import { OauthController } from './graph/oauth.controller.js';
import { TemplatesController } from './graph/templates.controller.js';
import { Handsets } from './handset.js';
import { Ledger } from './ledger.js';
import { MediaStore } from './media-store.js';
import { MessageIntake } from './message-intake.js';
import { ReadReceipts } from './read-receipts.js';
import { RealTime } from './real-time.js';
import { SandboxSettings } from './settings.js';
import { Settling } from './settling.js';
import { TemplateReview } from './template-review.js';
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
        LedgerController,
        HandsetsController,
        FaultsController,
        ClockController,
        WebhooksController,
        StateController,
        BusinessPhoneController,
        ReviewController,
        OauthController,
        AppSubscriptionsController,
        AccountsController,
        NumbersController,
        TemplatesController,
        MediaController,
        NodesController,
      ],
      providers: [
        { provide: SandboxSettings, useValue: settings },
        { provide: SandboxClock, useValue: clock },
        { provide: APP_FILTER, useClass: AnswerErrors },
        Accounts,
        AnswerWatch,
        BusinessPhone,
        Customers,
        Delivery,
        FaultGate,
        Faults,
        Handsets,
        Ledger,
        MediaStore,
        MessageIntake,
        MessagesRoute,
        NumberNews,
        ReadReceipts,
        RealTime,
        Settling,
        TemplateReview,
        Templates,
        Tokens,
        WebhookSender,
      ],
    };
  }
}
