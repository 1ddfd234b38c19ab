export interface AreaView {
  readonly id: string;
  readonly name: string;
  readonly createdAt: Date;
}

/** The places by which a merchant divides its numbers and its people (S1.23). */
export abstract class Areas {
  /** @throws AreaNameTaken */
  abstract add(area: AreaView): Promise<void>;
  /** @throws AreaNotFound, AreaNameTaken */
  abstract rename(id: string, name: string): Promise<AreaView>;
  /** @throws AreaNotFound, AreaInUse */
  abstract remove(id: string): Promise<void>;
  /** The ids of areas that are given by id or by name. @throws UnknownAreas */
  abstract idsOf(idsOrNames: readonly string[]): Promise<string[]>;
}
