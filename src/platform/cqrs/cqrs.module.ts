import { Global, Module } from '@nestjs/common';
import { CqrsModule as NestCqrsModule } from '@nestjs/cqrs';
import { Commands, Queries } from './commands.js';

@Global()
@Module({ imports: [NestCqrsModule.forRoot()], providers: [Commands, Queries], exports: [Commands, Queries] })
export class CqrsModule {}
