import type { TemplateNews } from '../../domain/templates/learn-template.js';
import type { TemplateSubmission } from '../../domain/templates/check-submission.js';

/** Whom the provider is asked as. */
export interface TemplateAccount {
  readonly accountId: string;
  readonly wabaId: string;
  readonly accessToken: string;
  readonly credentialVersion: number;
}

/** The provider's templates. Calls out over HTTP: never inside a transaction. Throws ProviderRefused, ProviderUnreachable (C60). */
export abstract class ProviderTemplates {
  /** All of the account's, every page. */
  abstract list(account: TemplateAccount): Promise<TemplateNews[]>;
  /** @returns the provider's id, and what it made of it: pending as a rule, and perhaps another category */
  abstract submit(account: TemplateAccount, submission: TemplateSubmission): Promise<TemplateNews>;
  /** Removes all languages of a name; one that is gone already is removed. */
  abstract remove(account: TemplateAccount, name: string): Promise<void>;
}
