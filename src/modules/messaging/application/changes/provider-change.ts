import type { Recipient } from '../../domain/recipient.js';
import type { InboundBody, SenderIdentity } from '../inbound/inbound-message.js';

/**
 * What a webhook tells besides customers' messages and statuses of ours, in NoDue's words (S1.85). One union, so that whoever consumes a kind
 * is told what there is; Meta's fields are read in `infrastructure/changes` alone.
 */
export type ProviderChange =
  /** The merchant wrote to a customer with the app on the phone (F12). */
  | {
      readonly kind: 'echo';
      readonly wamid: string;
      readonly to: SenderIdentity;
      readonly sentAt: Date;
      readonly body: InboundBody;
      readonly contextWamid?: string;
    }
  /** The merchant took back, on the phone, a message that either had written there. */
  | { readonly kind: 'echo-revoked'; readonly wamid: string; readonly to: SenderIdentity; readonly revokedAt: Date }
  /** A message from before the number was connected, either way; a part of a larger whole. */
  | {
      readonly kind: 'history-message';
      readonly wamid: string;
      readonly direction: 'INBOUND' | 'OUTBOUND';
      readonly customer: SenderIdentity;
      readonly sentAt: Date;
      readonly body: InboundBody;
      /** The provider's last word about it: sent, delivered, read, played, error, pending. */
      readonly status?: string;
      readonly contextWamid?: string;
    }
  | {
      readonly kind: 'history-progress';
      readonly phase: number;
      readonly progress: number;
      readonly refusal?: { readonly code: number; readonly title: string };
    }
  /** The merchant's address book on the phone. */
  | {
      readonly kind: 'contact-synced';
      readonly action: 'add' | 'edit' | 'remove';
      readonly contact: SenderIdentity;
      readonly name?: string;
    }
  | {
      readonly kind: 'call';
      readonly callId: string;
      readonly direction: 'INBOUND' | 'OUTBOUND';
      readonly customer: SenderIdentity;
      /** connect, ringing, accepted, rejected, terminate ... */
      readonly state: string;
      /** COMPLETED or FAILED, once it has ended. */
      readonly outcome?: string;
      readonly at: Date;
      readonly startedAt?: Date;
      readonly endedAt?: Date;
      readonly durationS?: number;
    }
  | {
      readonly kind: 'number-quality';
      readonly displayPhoneNumber?: string;
      readonly event?: string;
      readonly messagingTier?: string;
      readonly qualityRating?: string;
    }
  | {
      readonly kind: 'number-name';
      readonly displayPhoneNumber?: string;
      readonly decision: string;
      readonly requestedName?: string;
      readonly reason?: string;
    }
  /** Restrictions, bans, reviews, capability and partner changes of the account as a whole. */
  | {
      readonly kind: 'account';
      readonly event: string;
      readonly severity: 'info' | 'warning' | 'danger';
      readonly detail: Readonly<Record<string, unknown>>;
    }
  | {
      readonly kind: 'template-status';
      readonly name: string;
      readonly language: string;
      readonly providerId?: string;
      readonly status: string;
      readonly reason?: string;
      /** What the provider says of the reason: {reason, recommendation}, or a pause's {title, description}. */
      readonly detail?: Readonly<Record<string, unknown>>;
      readonly category?: string;
    }
  | {
      readonly kind: 'template-quality';
      readonly name: string;
      readonly language: string;
      readonly providerId?: string;
      readonly quality: string;
      readonly previous?: string;
    }
  | {
      readonly kind: 'template-category';
      readonly name: string;
      readonly language: string;
      readonly providerId?: string;
      readonly category: string;
      readonly previous?: string;
      /** What it will become later, unless the merchant objects. */
      readonly announced?: string;
    }
  | {
      readonly kind: 'template-components';
      readonly name: string;
      readonly language: string;
      readonly providerId?: string;
    }
  /** The customer's own choice about this number's marketing (F7). */
  | {
      readonly kind: 'marketing-preference';
      readonly customer: Recipient;
      readonly choice: 'stop' | 'resume';
      readonly at: Date;
    }
  /** A customer has another number or another user id (F1). */
  | { readonly kind: 'identity-changed'; readonly before: SenderIdentity; readonly after: SenderIdentity }
  /** Anything that the provider may add: kept as an event, and acted upon by nobody. */
  | { readonly kind: 'other' };

/** Where and when it was told. */
export interface ChangeSource {
  readonly eventId: string;
  readonly field: string;
  readonly wabaId: string | undefined;
  readonly phoneNumberId: string | undefined;
  /** The provider's time, or when it arrived where the webhook names none. */
  readonly at: Date;
  /** The change's value as it came, without what PostgreSQL cannot store. */
  readonly raw: unknown;
}
