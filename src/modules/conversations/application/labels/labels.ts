export interface LabelView {
  readonly id: string;
  readonly name: string;
  /** #rrggbb */
  readonly color: string;
}

/** What conversations are sorted by, as the merchant likes. */
export abstract class Labels {
  /** By name. */
  abstract all(): Promise<readonly LabelView[]>;
  /** @throws LabelNotFound */
  abstract find(id: string): Promise<LabelView>;
  /** @throws LabelNameTaken */
  abstract add(name: string, color: string): Promise<LabelView>;
  /** @throws LabelNotFound, LabelNameTaken */
  abstract change(
    id: string,
    change: { readonly name?: string | undefined; readonly color?: string | undefined },
  ): Promise<LabelView>;
  /** From its conversations, too. @throws LabelNotFound */
  abstract remove(id: string): Promise<void>;
  /** @returns whether it changed anything @throws LabelNotFound */
  abstract put(threadId: string, labelId: string): Promise<boolean>;
  abstract take(threadId: string, labelId: string): Promise<boolean>;
  /** Ids. */
  abstract of(threadId: string): Promise<readonly string[]>;
}
