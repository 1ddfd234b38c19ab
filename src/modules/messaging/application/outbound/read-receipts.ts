/** Tells customers that their message was read. Takes effect after the open transaction commits; a lost one is harmless. */
export abstract class ReadReceipts {
  abstract markAsRead(phoneNumberId: string, wamid: string, show: 'ticks' | 'ticks-and-typing'): void;
}
