import type { CalendarDate } from '../../../../kernel/local-time.js';

/** A zone in which the merchant has customers. */
export interface ScannedZone {
  readonly zone: string;
  /** The local day up to which its overdue dues were looked for; undefined: never. */
  readonly scannedOn: CalendarDate | undefined;
}

/** Where a walk through overdue dues stands. */
export interface OverdueDue {
  readonly id: string;
  readonly dueDate: CalendarDate;
}

/** How far the merchant's overdue dues have been looked for, in the open transaction. */
export abstract class OverdueScans {
  abstract zones(): Promise<readonly ScannedZone[]>;
  /** Open dues of a zone that have come to a step of some ladder since `scannedOn`, up to and with `today`, in the order of their dates. */
  abstract next(
    zone: ScannedZone,
    today: CalendarDate,
    after: OverdueDue | undefined,
    limit: number,
  ): Promise<readonly OverdueDue[]>;
  abstract noteScanned(zone: string, on: CalendarDate): Promise<void>;
}
