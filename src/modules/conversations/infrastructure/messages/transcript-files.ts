import { stringify } from 'csv-stringify/sync';
import { guarded } from '../../../customers/index.js';
import { type ConversationMessageView, previewOf } from '../../application/messages/conversation-message-view.js';

type Pages = AsyncIterable<readonly ConversationMessageView[]>;

const COLUMNS = ['at', 'direction', 'sender', 'type', 'text', 'status', 'wamid', 'message_id'] as const;

/** One row a message; Excel knows by the mark at its beginning that the file is UTF-8. */
export async function* csvTranscript(pages: Pages): AsyncGenerator<string, void, void> {
  yield `\ufeff${written([COLUMNS])}`;
  for await (const messages of pages) yield written(messages.map((message) => rowOf(message).map(guarded)));
}

/** One message a line, as the history shows it; without links to files, which end. */
export async function* jsonLinesTranscript(pages: Pages): AsyncGenerator<string, void, void> {
  for await (const messages of pages)
    yield messages
      .map(({ media, ...message }) => `${JSON.stringify({ ...message, media: media && { ...media, url: null } })}\n`)
      .join('');
}

function written(rows: readonly (readonly string[])[]): string {
  return stringify(rows as string[][], { record_delimiter: 'windows' });
}

function rowOf(message: ConversationMessageView): string[] {
  const { createdAt, direction, sender, type, status, wamid, id } = message;
  const who = sender.kind === 'user' ? (sender.name ?? sender.userId) : sender.kind;
  return [createdAt.toISOString(), direction, who, type, textOf(message), status, wamid ?? '', id];
}

/** The whole of what was written where it is text; else the line that stands for it. */
function textOf(message: ConversationMessageView): string {
  const { text, body } = message.content;
  if (typeof text === 'string') return text;
  return typeof body === 'string' ? body : previewOf(message);
}
