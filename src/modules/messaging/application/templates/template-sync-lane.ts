/** Asks the provider for an account's templates: hourly, and when something was told that needs the whole; its key is our account's id. */
export const TEMPLATE_SYNC = 'template-sync';
