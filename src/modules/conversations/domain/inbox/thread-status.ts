/** Where a conversation stands (S1.92): an inbound message makes an archived one active again; to a blocked one nothing answers. */
export const THREAD_STATUSES = ['active', 'archived', 'blocked'] as const;
export type ThreadStatus = (typeof THREAD_STATUSES)[number];
