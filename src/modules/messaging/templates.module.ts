import { Module } from '@nestjs/common';
import { LanesModule } from '../../platform/lanes/lanes.module.js';
import { AccountsModule } from './accounts.module.js';
import { AcknowledgeTemplateHandler } from './application/templates/acknowledge-template.js';
import { CheckTemplateHandler } from './application/templates/check-template.js';
import { DeleteTemplateHandler } from './application/templates/delete-template.js';
import { FindTemplateHandler } from './application/templates/find-template.js';
import { TemplatesOfMerchantHandler, TemplatesOfNumberHandler } from './application/templates/known-templates.js';
import { LearnTemplates } from './application/templates/learn-templates.js';
import { ListTemplatesHandler } from './application/templates/list-templates.js';
import { PreviewTemplateHandler } from './application/templates/preview-template.js';
import { ProviderTemplates } from './application/templates/provider-templates.js';
import { SubmitTemplateHandler } from './application/templates/submit-template.js';
import { SyncTemplatesHandler } from './application/templates/sync-templates.js';
import { TemplateAccounts } from './application/templates/template-accounts.js';
import { TEMPLATE_SYNC } from './application/templates/template-sync-lane.js';
import { Templates } from './application/templates/templates.js';
import { UsableTemplatesHandler } from './application/templates/usable-templates.js';
import { HealthModule } from './health.module.js';
import { MarketingModule } from './marketing.module.js';
import { MetaTemplates } from './infrastructure/meta/meta-templates.js';
import { FollowTemplateChanges } from './infrastructure/templates/follow-template-changes.js';
import { SqlTemplates } from './infrastructure/templates/sql-templates.js';
import { SyncTemplatesWhenAccountConnected } from './infrastructure/templates/sync-templates-when-account-connected.js';
import { SyncTemplatesHourly } from './infrastructure/templates/sync-templates.drain.js';
import { TemplatesController } from './infrastructure/templates/templates.controller.js';

/** Templates as the provider has them: synced, submitted, checked before a send. */
@Module({
  imports: [AccountsModule, HealthModule, MarketingModule, LanesModule.forKinds(TEMPLATE_SYNC)],
  controllers: [TemplatesController],
  providers: [
    { provide: Templates, useClass: SqlTemplates },
    { provide: ProviderTemplates, useClass: MetaTemplates },
    TemplateAccounts,
    LearnTemplates,
    SyncTemplatesHandler,
    SubmitTemplateHandler,
    DeleteTemplateHandler,
    AcknowledgeTemplateHandler,
    ListTemplatesHandler,
    PreviewTemplateHandler,
    UsableTemplatesHandler,
    CheckTemplateHandler,
    TemplatesOfNumberHandler,
    TemplatesOfMerchantHandler,
    FindTemplateHandler,
    FollowTemplateChanges,
    SyncTemplatesHourly,
    SyncTemplatesWhenAccountConnected,
  ],
})
export class TemplatesModule {}
