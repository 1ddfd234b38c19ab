import type { InboxAccess } from '../../../../kernel/inbox-access.js';
import type { CallEvent, CallSummary } from '../../domain/calls/call.js';

/** A call as it is kept. */
export interface CallRecord extends CallSummary {
  readonly callId: string;
  readonly phoneNumberId: string;
  readonly threadId: string | null;
  readonly direction: 'INBOUND' | 'OUTBOUND';
  readonly addressKind: 'phone' | 'bsuid';
  readonly address: string;
  readonly events: readonly CallEvent[];
  readonly updatedAt: Date;
}

/** A call as people and programs see it. */
export interface CallView extends CallSummary {
  readonly callId: string;
  readonly phoneNumberId: string;
  readonly conversationId: string | null;
  readonly direction: 'INBOUND' | 'OUTBOUND';
  readonly from: string | null;
  readonly to: string | null;
  /** The customer called, and nobody took it. */
  readonly missed: boolean;
  readonly events: readonly CallEvent[];
  readonly updatedAt: Date;
}

export abstract class Calls {
  /** Locked until the transaction ends. */
  abstract find(callId: string): Promise<CallRecord | undefined>;
  abstract save(call: CallRecord): Promise<void>;
  /** Latest word first, of those that the caller sees; `limit` of those after the position. */
  abstract list(
    access: InboxAccess,
    filter: { readonly conversationId?: string | undefined },
    limit: number,
    after?: { readonly updatedAt: Date; readonly callId: string },
  ): Promise<CallRecord[]>;
}
