/** Statuses that came before the wamid they name was known here (F13). */
export abstract class OrphanStatuses {
  /**
   * Lets the statuses that wait for these wamids be merged. Called in the transaction that stores the wamids; one that is being
   * set aside at the same moment is found by the lane's own second look.
   */
  abstract settleOrphans(phoneNumberId: string, wamids: readonly string[]): Promise<void>;
}
