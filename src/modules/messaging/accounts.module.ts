import { Module } from '@nestjs/common';
import { ChangePhoneNumberHandler } from './application/accounts/change-phone-number.js';
import { ConnectAccountHandler } from './application/accounts/connect-account.js';
import { DisconnectAccountHandler } from './application/accounts/disconnect-account.js';
import { FindAccountHandler } from './application/accounts/find-account.js';
import { ListPhoneNumbersHandler } from './application/accounts/list-phone-numbers.js';
import { OnboardAccountHandler } from './application/accounts/onboard-account.js';
import { ProviderAccounts } from './application/accounts/provider-accounts.js';
import { ResumePhoneNumberHandler } from './application/accounts/resume-phone-number.js';
import { SaveConnectionHandler } from './application/accounts/save-connection.js';
import { SignupTokens, WhatsAppAccounts } from './application/accounts/whatsapp-accounts.js';
import { ProviderMedia } from './application/media/provider-media.js';
import { SendHistory } from './application/outbound/send-history.js';
import { Senders } from './application/outbound/senders.js';
import { WhatsApp } from './application/outbound/whatsapp.js';
import { AccountsController } from './infrastructure/accounts/accounts.controller.js';
import { PhoneNumbersController } from './infrastructure/accounts/phone-numbers.controller.js';
import { PrismaSignupTokens } from './infrastructure/accounts/prisma-signup-tokens.js';
import { PrismaWhatsAppAccounts } from './infrastructure/accounts/prisma-whatsapp-accounts.js';
import { SqlSenders } from './infrastructure/accounts/sql-senders.js';
import { BreakerSettings } from './infrastructure/meta/breaker-settings.js';
import { BreakerWhatsApp } from './infrastructure/meta/breaker-whatsapp.js';
import { BreakersController } from './infrastructure/meta/breakers.controller.js';
import { GraphClient, GraphTimes } from './infrastructure/meta/graph-client.js';
import { GraphFiles } from './infrastructure/meta/graph-files.js';
import { MetaAccounts } from './infrastructure/meta/meta-accounts.js';
import { MetaMedia } from './infrastructure/meta/meta-media.js';
import { MetaSendHistory } from './infrastructure/meta/meta-send-history.js';
import { MetaWhatsApp } from './infrastructure/meta/meta-whatsapp.js';

/** Accounts and phone numbers, and the WhatsApp port: Meta's adapter behind the breakers. */
@Module({
  controllers: [AccountsController, PhoneNumbersController, BreakersController],
  providers: [
    OnboardAccountHandler,
    ConnectAccountHandler,
    SaveConnectionHandler,
    DisconnectAccountHandler,
    ChangePhoneNumberHandler,
    ResumePhoneNumberHandler,
    FindAccountHandler,
    ListPhoneNumbersHandler,
    { provide: WhatsAppAccounts, useClass: PrismaWhatsAppAccounts },
    { provide: SignupTokens, useClass: PrismaSignupTokens },
    { provide: ProviderAccounts, useClass: MetaAccounts },
    { provide: Senders, useClass: SqlSenders },
    GraphTimes,
    BreakerSettings,
    GraphClient,
    MetaWhatsApp,
    BreakerWhatsApp,
    { provide: WhatsApp, useExisting: BreakerWhatsApp },
    { provide: SendHistory, useClass: MetaSendHistory },
    GraphFiles,
    { provide: ProviderMedia, useClass: MetaMedia },
  ],
  exports: [WhatsAppAccounts, Senders, SendHistory, WhatsApp, GraphClient, ProviderMedia],
})
export class AccountsModule {}
