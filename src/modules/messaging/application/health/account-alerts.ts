export const ALERT_SEVERITIES = ['info', 'warning', 'danger'] as const;
export type AlertSeverity = (typeof ALERT_SEVERITIES)[number];

/** Something about an account, a number or a template that the merchant must know (F8). */
export interface NewAlert {
  /** Stable, for programs: TEMPLATE_RECATEGORISED, QUALITY_DROPPED, ACCOUNT_RESTRICTED ... */
  readonly code: string;
  readonly severity: AlertSeverity;
  /** NoDue's id of the account. */
  readonly accountId?: string | undefined;
  /** Only those who see the number are told. */
  readonly phoneNumberId?: string | undefined;
  /** What of it, where an account has several: a template's `name/language`. */
  readonly subject?: string | undefined;
  /** JSON: what a person needs to understand it. */
  readonly detail: Readonly<Record<string, unknown>>;
}

/** What the merchant must know, until somebody has acknowledged it. */
export abstract class AccountAlerts {
  /**
   * Raises an alert in the open transaction, whichever kind it is, and tells sockets. There is one open alert a code and subject: one that is
   * raised again has the newer severity and detail, keeps its id, and is told again only when it differs.
   */
  abstract raise(alert: NewAlert): Promise<void>;
  /** Acknowledges the open alert of a code and subject, if there is one: what it told of has been seen elsewhere. @param by who saw it */
  abstract acknowledge(
    alert: Pick<NewAlert, 'code' | 'accountId' | 'phoneNumberId' | 'subject'>,
    by: string,
  ): Promise<void>;
}
