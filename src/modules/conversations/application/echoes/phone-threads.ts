/** A message that a thread holds without anybody being told to read it. */
export interface Placed {
  readonly phoneNumberId: string;
  readonly contactId: string;
  readonly direction: 'INBOUND' | 'OUTBOUND';
  readonly at: Date;
  readonly preview: string;
  /** Provider's time, when it keeps the 24 h window open. */
  readonly opensWindowAt: Date | undefined;
}

/** Threads as the history of a phone fills them: nothing of it is new, so nothing is unread and no newer message is hidden. */
export abstract class PhoneThreads {
  /** Finds or makes the thread; shows the message in the list if it is the latest. */
  abstract place(message: Placed): Promise<{ threadId: string; isNew: boolean }>;
}
