/**
 * The kind of the lanes in which a merchant's reminders are decided on, and the name of the queue that carries their wake-ups (C47). A lane's
 * key is the tenant's id; it is due when the next reminder, promise or overdue scan of the merchant is.
 */
export const REMINDERS = 'reminders';
