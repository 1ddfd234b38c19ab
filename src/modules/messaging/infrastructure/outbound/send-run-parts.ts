import type { Clock } from '../../../../kernel/clock.js';
import type { OutgoingFiles } from '../../application/media/outgoing-files.js';
import type { Senders } from '../../application/outbound/senders.js';
import type { OutgoingMessage, WhatsApp } from '../../application/outbound/whatsapp.js';
import type { AttemptReferences } from '../../domain/attempt-reference.js';
import type { OutboundJournal } from './outbound-journal.js';
import type { PostSlots } from './post-slots.js';
import type { ClaimedMessage, SendQueue } from './send-queue.js';
import type { SettledAttempt, Written } from './settlements.js';

/** What a run works with. */
export interface SendRunParts {
  readonly queue: SendQueue;
  readonly senders: Senders;
  readonly whatsapp: WhatsApp;
  readonly files: OutgoingFiles;
  readonly slots: PostSlots;
  readonly references: AttemptReferences;
  readonly journal: OutboundJournal;
  readonly clock: Clock;
  /** Writes outcomes down, and does not give up before a claim's lease would be over. */
  readonly write: (attempts: SettledAttempt[]) => Promise<Written[]>;
  /** 0 to 1, spreads retries. */
  readonly chance: () => number;
  /** While POSTs are on the wire and the queue seemed empty, it is looked at again after so many milliseconds. */
  readonly lookAgainAfter: () => number;
  /** How many of so many messages a run may claim, given how many others send beside it. */
  readonly shareOf: (claimSize: number) => number;
  /** Whether the places of the process are about taken, so that another number may be kept from its turn. */
  readonly othersWait: () => boolean;
}

/** The message as the WhatsApp port takes it, with the reference of this one attempt. */
export function toOutgoing(
  { id: messageId, attemptNo, to, content, contextWamid }: ClaimedMessage,
  references: AttemptReferences,
): OutgoingMessage {
  const reference = references.write({ messageId, attemptNo });
  return { to, content, reference, ...(contextWamid === undefined ? {} : { contextWamid }) };
}
