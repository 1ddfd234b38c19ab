/** What is known around a flow. */
export interface Surroundings {
  /** Whole names of the variables that have a source: `customer.balance`. */
  readonly variables: ReadonlySet<string>;
  /** WhatsApp templates that may be sent, as `name/language`; undefined: not known. */
  readonly whatsappTemplates?: ReadonlySet<string> | undefined;
  /** Whether a text, or what a button says, is heard as the wish to be written to no more. */
  readonly isStopWord: (text: string) => boolean;
}
