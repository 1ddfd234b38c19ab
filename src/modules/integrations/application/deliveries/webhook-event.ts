/** What a receiver is told, as it stands in the body of the POST; `id` names it at every attempt and every replay. */
export interface WebhookEvent {
  readonly id: string;
  /** A name of the event log, or `ping`. */
  readonly type: string;
  /** Its number in the tenant's log; null for a ping. */
  readonly seq: number | null;
  /** ISO 8601, UTC. */
  readonly occurredAt: string;
  readonly data: Readonly<Record<string, unknown>>;
}

export const PING = 'ping';

/** An event of the log in the words of webhooks: when it happened stands outside of its data. */
export function toWebhookEvent({
  id,
  name,
  seq,
  occurredAt,
  actor,
  payload,
}: {
  readonly id: string;
  readonly name: string;
  readonly seq: number;
  readonly occurredAt: Date;
  readonly actor: string | null;
  readonly payload: Readonly<Record<string, unknown>>;
}): WebhookEvent {
  const { at, ...data } = payload;
  return {
    id,
    type: name,
    seq,
    occurredAt: typeof at === 'string' ? at : occurredAt.toISOString(),
    data: { ...data, actor },
  };
}

export function pingOf(id: string, endpointId: string, at: Date): WebhookEvent {
  return { id, type: PING, seq: null, occurredAt: at.toISOString(), data: { endpointId } };
}
