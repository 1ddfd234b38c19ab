/**
 * Takes webhooks apart; its keys: `all`, `unrouted:<phone_number_id>` or `unrouted:waba:<waba_id>` when that number or
 * account has found its tenant.
 */
export const SPLIT_LANE = 'webhook-split';
/** A customer's messages to one number, in order: `<phone_number_id>:<customer>`. */
export const INBOUND_LANE = 'webhook-inbound';
/** The statuses of a number's messages: `<phone_number_id>`. */
export const STATUS_LANE = 'webhook-status';
/** What is told of a number or an account beside messages and statuses, in order of arrival: `<phone_number_id>` or `<waba_id>`. */
export const CHANGE_LANE = 'webhook-change';
