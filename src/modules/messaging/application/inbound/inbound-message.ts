/** A customer as a webhook names them: any of these may be missing, but never all (F1). */
export interface SenderIdentity {
  /** Digits, Meta's id of the phone. */
  readonly waId?: string;
  /** Business-scoped user id. */
  readonly userId?: string;
  readonly parentUserId?: string;
  readonly username?: string;
  readonly profileName?: string;
}

/** What the customer did. Display texts are cleaned (no NUL, no lone surrogates); the webhook's bytes are kept as they came. */
export type InboundBody =
  | { readonly type: 'text'; readonly text: string }
  /** A reply button, a list row or a template's quick reply: one thing to the bot (C21). */
  | {
      readonly type: 'tap';
      readonly source: 'button' | 'list' | 'template';
      readonly id: string;
      readonly title: string;
      readonly description?: string;
    }
  | {
      readonly type: 'media';
      readonly kind: 'image' | 'video' | 'audio' | 'voice' | 'document' | 'sticker';
      readonly mediaId: string;
      readonly mimeType?: string;
      readonly sha256?: string;
      readonly caption?: string;
      readonly filename?: string;
    }
  | {
      readonly type: 'location';
      readonly latitude: number;
      readonly longitude: number;
      readonly name?: string;
      readonly address?: string;
    }
  | { readonly type: 'contacts'; readonly contacts: readonly unknown[] }
  | { readonly type: 'reaction'; readonly toWamid: string; readonly emoji: string }
  | { readonly type: 'order'; readonly catalogId?: string; readonly items: readonly unknown[]; readonly text?: string }
  /** The answer of a WhatsApp form (nfm_reply). */
  | { readonly type: 'form'; readonly name?: string; readonly response: unknown }
  /** A change that Meta announces in the thread: a new number, a new user id. */
  | {
      readonly type: 'system';
      readonly event: string;
      readonly text?: string;
      readonly newWaId?: string;
      readonly previousUserId?: string;
    }
  /** Anything that Meta may add: kept whole. */
  | { readonly type: 'other'; readonly providerType: string };

/** One message of a customer, as the pipeline receives it: in order within the lane (number, customer), effect once. */
export interface InboundMessage {
  readonly wamid: string;
  readonly phoneNumberId: string;
  /** The provider's time. */
  readonly sentAt: Date;
  readonly from: SenderIdentity;
  readonly body: InboundBody;
  /** The wamid that it replies to or was tapped on. */
  readonly contextWamid?: string;
  /** False for what is older than 24 h or was replayed: it is stored, but nothing answers it (reliability 2.2). */
  readonly mayAnswer: boolean;
  /** The message object as Meta sent it. */
  readonly raw: unknown;
}
