/** The tenant's areas, as far as numbers are given to them (S1.23). */
export abstract class Areas {
  abstract exists(areaId: string): Promise<boolean>;
}
