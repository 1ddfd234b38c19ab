/** How often conversations went each way (D16). */
export abstract class TakenEdges {
  /** @param version undefined: at all versions @returns times by `fromKey` and `edge`, both as the engine counts them */
  abstract of(version: number | undefined): Promise<readonly { fromKey: string; edge: string; taken: number }[]>;
}
