import type { Sender } from './whatsapp.js';

/** The provider's own list of what it accepted from a number: the second witness of a lost answer (reliability 2.5.5b). */
export abstract class SendHistory {
  /** @returns wamids of the newest accepted messages, a page of them; undefined when the provider does not tell */
  abstract newest(sender: Sender): Promise<readonly string[] | undefined>;
}
