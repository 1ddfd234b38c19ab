/**
 * Links that open one file for a while without a credential (C57): for an <img> of the inbox and for whoever must fetch a file. A link names
 * tenant and file and its end, sealed by HMAC with a key of this installation; changing any part makes it nobody's.
 */
export abstract class SignedLinks {
  /** @returns the query string that goes behind the file's own path, beginning with `?` */
  abstract sign(file: { readonly tenantId: string; readonly mediaId: string }, expiresAt: Date): string;
  /** @returns whose file the link opens; undefined when it is forged, changed or over */
  abstract open(mediaId: string, query: Readonly<Record<string, unknown>>): { readonly tenantId: string } | undefined;
}
