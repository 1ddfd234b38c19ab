/** Looks at bytes, because neither a name nor a sender's word says what a file is. */
export abstract class FileInspection {
  /** Bytes from the beginning of a file by which its type is told. */
  abstract readonly headSize: number;
  /**
   * @param head the first `headSize` bytes, or all there are
   * @param declared what the sender says: believed only where bytes cannot tell, between texts and between old Office files
   * @returns a media type without parameters; `application/octet-stream` when nothing is known
   */
  abstract typeOf(
    head: Uint8Array,
    declared: { readonly type?: string | undefined; readonly filename?: string | undefined },
  ): Promise<string>;
}
