/** Hashes passwords so that a stolen table gives none away. */
export abstract class Passwords {
  abstract hash(password: string): Promise<string>;
  /** @param hash undefined where there is no such user: never matches, and takes as long */
  abstract matches(password: string, hash: string | undefined): Promise<boolean>;
}
