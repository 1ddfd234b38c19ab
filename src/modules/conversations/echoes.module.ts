import { Module } from '@nestjs/common';
import { CustomersModule } from '../customers/index.js';
import { MessagingModule } from '../messaging/index.js';
import { Calls } from './application/echoes/calls.js';
import { HistorySyncs } from './application/echoes/history-progress.js';
import { ListCallsHandler } from './application/echoes/list-calls.js';
import { PhoneThreads } from './application/echoes/phone-threads.js';
import { PlaceOfCustomer } from './application/echoes/place-of-customer.js';
import { TakeAddressBook } from './application/echoes/take-address-book.js';
import { TakeCalls } from './application/echoes/take-calls.js';
import { TakeEchoes } from './application/echoes/take-echoes.js';
import { TakeHistory } from './application/echoes/take-history.js';
import { CallsController } from './infrastructure/echoes/calls.controller.js';
import { SqlCalls } from './infrastructure/echoes/sql-calls.js';
import { SqlHistorySyncs } from './infrastructure/echoes/sql-history-syncs.js';
import { SqlPhoneThreads } from './infrastructure/echoes/sql-phone-threads.js';
import { ThreadsModule } from './threads.module.js';

/** What happens on the merchant's phone: messages written there, the history before, the address book, calls (F12). */
@Module({
  imports: [CustomersModule, MessagingModule, ThreadsModule],
  controllers: [CallsController],
  providers: [
    PlaceOfCustomer,
    TakeEchoes,
    TakeHistory,
    TakeAddressBook,
    TakeCalls,
    ListCallsHandler,
    { provide: Calls, useClass: SqlCalls },
    { provide: HistorySyncs, useClass: SqlHistorySyncs },
    { provide: PhoneThreads, useClass: SqlPhoneThreads },
  ],
})
export class EchoesModule {}
