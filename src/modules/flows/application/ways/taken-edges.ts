/** How often conversations went each way (D16). */
export abstract class TakenEdges {
  /** @returns times by `fromKey` and `edge`, both as the engine counts them */
  abstract of(version: number): Promise<readonly { fromKey: string; edge: string; taken: number }[]>;
}
