/** What people of the merchant tell each other about a conversation; never sent. */
export interface NoteView {
  readonly id: string;
  /** `user:<id>` or `api-key:<id>`. */
  readonly author: string;
  /** Of a user. */
  readonly authorName: string | null;
  readonly body: string;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export abstract class Notes {
  /** Newest first. @param before the id of the last note of the page before */
  abstract page(threadId: string, before: string | undefined, limit: number): Promise<readonly NoteView[]>;
  abstract add(threadId: string, author: string, body: string): Promise<NoteView>;
  /** @throws NoteNotFound */
  abstract find(threadId: string, noteId: string): Promise<NoteView>;
  abstract change(noteId: string, body: string): Promise<void>;
  abstract remove(noteId: string): Promise<void>;
}
