/** Takes webhooks apart; its keys: `all`, or `unrouted:<phone_number_id>` when that number has found its tenant. */
export const SPLIT_LANE = 'webhook-split';
/** A customer's messages to one number, in order: `<phone_number_id>:<customer>`. */
export const INBOUND_LANE = 'webhook-inbound';
/** The statuses of a number's messages: `<phone_number_id>`. */
export const STATUS_LANE = 'webhook-status';
