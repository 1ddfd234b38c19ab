import type { ContactView } from '../../../customers/index.js';
import type { InboundMessage, MessageContent, SentStep } from '../../../messaging/index.js';
import type { Session } from '../../domain/session.js';
import { holdsAt } from '../../domain/silence.js';
import type { ConsentChange } from '../hear-consent.js';
import type { Thread } from '../threads.js';

/** Queues an answer to the message of a context in the open transaction, each at most once (S2.68). */
export type QueueAnswer = (content: MessageContent, once: string, step?: SentStep) => Promise<void>;
export type LookUpContact = (contactId: string) => Promise<ContactView>;

/** One customer's message on its way through the pipeline, and what automation makes of it. */
export class MessageContext {
  #session: Session | undefined;
  #answers = 0;
  #contact: Promise<ContactView> | undefined;
  /** What took the message: an intent's name, or why nothing answers. For logs and metrics. */
  outcome = 'silent';
  /** The customer wants automation back although a person was at it. */
  isGivenBack = false;
  /** The customer wants the main menu, and has said so in other words than greetings. */
  wantsMenu = false;
  /** What the message changed about whether the customer may be written to unasked. */
  consentChange: ConsentChange;

  constructor(
    readonly message: InboundMessage,
    readonly thread: Thread,
    readonly now: Date,
    private readonly queue: QueueAnswer,
    private readonly lookUpContact: LookUpContact,
  ) {}

  /** Automation leaves the conversation to people; what passes that nevertheless answers what people do not. */
  get isSilent(): boolean {
    return holdsAt(this.thread.silence, this.now) && !this.isGivenBack;
  }

  /** When the customer wrote it: the provider's time, never ahead of ours. */
  get writtenAt(): Date {
    return this.message.sentAt < this.now ? this.message.sentAt : this.now;
  }

  /** Who wrote it, with name and identities; looked up when first asked for. The id alone is `thread.contactId`. */
  contact(): Promise<ContactView> {
    return (this.#contact ??= this.lookUpContact(this.thread.contactId));
  }

  /** Known from the session middleware (300) on. */
  get session(): Session {
    if (!this.#session)
      throw new Error(
        'There is no session before the session middleware: give a middleware that needs it an order above 300',
      );
    return this.#session;
  }

  openSession(session: Session): void {
    this.#session = session;
  }

  /**
   * Answers the customer: queued in the message's transaction, sent once that has committed.
   * @param once what makes it the same answer; left out: that it is the nth one to this message
   * @param step of a flow that it was made of
   * @throws ContentRefused
   */
  async reply(
    content: MessageContent,
    once = `reply:${this.message.wamid}:${this.#answers + 1}`,
    step?: SentStep,
  ): Promise<void> {
    await this.queue(content, once, step);
    this.#answers++;
  }

  /** How many answers are queued. */
  get answers(): number {
    return this.#answers;
  }

  /** The transaction went back to before the first answer. */
  forgetAnswers(): void {
    this.#answers = 0;
  }
}
