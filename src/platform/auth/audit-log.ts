export interface AuditedAct {
  /** Past participle sentence of the field: `user.disabled`, `whatsapp-account.connected`. */
  readonly action: string;
  readonly subjectId?: string;
  /** JSON; no secrets, no message text. */
  readonly details?: Readonly<Record<string, unknown>>;
}

/** What people and keys did (C32): written in the open transaction, with whoever makes the current request as the actor. */
export abstract class AuditLog {
  abstract record(act: AuditedAct): Promise<void>;
}
