import { Module } from '@nestjs/common';
import { CheckTemplateHandler } from './application/templates/check-template.js';
import { FindTemplateHandler } from './application/templates/find-template.js';
import { Templates } from './application/templates/templates.js';
import { UsableTemplatesHandler } from './application/templates/usable-templates.js';
import { SqlTemplates } from './infrastructure/templates/sql-templates.js';

/** Templates as the provider has them: synced, submitted, checked before a send. */
@Module({
  providers: [
    { provide: Templates, useClass: SqlTemplates },
    UsableTemplatesHandler,
    CheckTemplateHandler,
    FindTemplateHandler,
  ],
})
export class TemplatesModule {}
