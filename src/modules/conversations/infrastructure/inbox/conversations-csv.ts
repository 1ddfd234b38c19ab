import { stringify } from 'csv-stringify/sync';
import { guarded } from '../../../customers/index.js';
import type { ListedConversation } from '../../application/list-conversations.js';

const COLUMNS = [
  'conversation_id',
  'phone_number_id',
  'area',
  'name',
  'phone',
  'type',
  'status',
  'assignee',
  'participants',
  'labels',
  'reference_link',
  'unread',
  'last_message_at',
  'last_message_direction',
  'last_message',
] as const;

/** A CSV file page by page; Excel knows by the mark at its beginning that it is UTF-8. */
export async function* csvOf(pages: AsyncIterable<readonly ListedConversation[]>): AsyncGenerator<string, void, void> {
  yield `\ufeff${written([[...COLUMNS]])}`;
  for await (const rows of pages) yield written(rows.map((row) => valuesOf(row).map(guarded)));
}

function written(rows: string[][]): string {
  return stringify(rows, { record_delimiter: 'windows' });
}

function valuesOf(conversation: ListedConversation): string[] {
  const values: Record<(typeof COLUMNS)[number], string | number | null | undefined> = {
    conversation_id: conversation.id,
    phone_number_id: conversation.phoneNumberId,
    area: conversation.area?.name,
    name: conversation.contact.name,
    phone: conversation.contact.identities.find(({ kind }) => kind === 'phone')?.value,
    type: conversation.type,
    status: conversation.status,
    assignee: conversation.assignee?.name,
    participants: conversation.participants.map(({ name }) => name).join(', '),
    labels: conversation.labels.map(({ name }) => name).join(', '),
    reference_link: conversation.referenceLink,
    unread: conversation.unreadCount,
    last_message_at: conversation.lastMessageAt.toISOString(),
    last_message_direction: conversation.lastMessageDirection,
    last_message: conversation.lastMessagePreview,
  };
  return COLUMNS.map((column) => String(values[column] ?? ''));
}
