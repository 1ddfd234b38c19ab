import type { ProviderChange } from '../../application/changes/provider-change.js';
import type { SenderIdentity } from '../../application/inbound/inbound-message.js';
import { bodyOf, known } from '../inbound/meta-message.js';
import { listIn, objectIn, textIn, type JsonObject } from '../inbound/webhook-json.js';
import { type ChangeReader, customerOf, digitsOf, instantOf, isNamed, numberOf } from './meta-change-values.js';

/** Messages that the merchant wrote on the phone (F12; Meta, "smb_message_echoes webhook reference"). */
export const readEchoes: ChangeReader = (value, at) =>
  listIn(value['message_echoes']).flatMap((entry): ProviderChange[] => {
    const message = objectIn(entry);
    const wamid = textIn(message['id']);
    const to = customerOf(message, 'to', value['contacts']);
    if (wamid === undefined || to === undefined) return [];
    const sentAt = instantOf(message['timestamp']) ?? at;
    const revoked = textIn(objectIn(message['revoke'])['original_message_id']);
    if (message['type'] === 'revoke' && revoked !== undefined)
      return [{ kind: 'echo-revoked', wamid: revoked, to, revokedAt: sentAt }];
    return [{ kind: 'echo', wamid, to, sentAt, body: bodyOf(message), ...contextOf(message) }];
  });

/**
 * The history of a number that is on the phone as well (F12; Meta, "history webhook reference"): how far it has come, messages by thread, and,
 * in webhooks of their own, messages with the files that their thread had left out.
 */
export const readHistory: ChangeReader = (value, at) => [
  ...listIn(value['history']).flatMap((entry): ProviderChange[] => {
    const chunk = objectIn(entry);
    return [
      ...progressOf(chunk),
      ...listIn(chunk['threads']).flatMap((thread) => threadMessages(value, objectIn(thread), at)),
    ];
  }),
  ...[...listIn(value['messages']), ...listIn(value['message_echoes'])].flatMap((entry) => {
    const message = objectIn(entry);
    const direction = directionOf(value, message);
    const customer = customerOf(message, direction === 'OUTBOUND' ? 'to' : 'from', value['contacts']);
    return customer ? historyMessage(message, direction, customer, at) : [];
  }),
];

/** The merchant's address book (Meta, "smb_app_state_sync webhook reference"). */
export const readStateSync: ChangeReader = (value) =>
  listIn(value['state_sync']).flatMap((entry): ProviderChange[] => {
    const { type, contact, action } = objectIn(entry);
    const person = objectIn(contact);
    const identity: SenderIdentity = {
      ...known('waId', digitsOf(person['phone_number'])),
      ...known('userId', textIn(person['user_id'])),
      ...known('parentUserId', textIn(person['parent_user_id'])),
      ...known('username', textIn(person['username'])),
    };
    if (type !== 'contact' || !isNamed(identity)) return [];
    const name = textIn(person['full_name']) ?? textIn(person['first_name']);
    return [
      {
        kind: 'contact-synced',
        action: action === 'remove' || action === 'edit' ? action : 'add',
        contact: identity,
        ...known('name', name),
      },
    ];
  });

function threadMessages(value: JsonObject, thread: JsonObject, at: Date): ProviderChange[] {
  const context = objectIn(thread['context']);
  const customer: SenderIdentity = {
    ...known('waId', digitsOf(context['wa_id']) ?? digitsOf(thread['id'])),
    ...known('userId', textIn(context['user_id'])),
    ...known('parentUserId', textIn(context['parent_user_id'])),
    ...known('username', textIn(context['username'])),
  };
  if (!isNamed(customer)) return [];
  return listIn(thread['messages']).flatMap((entry) => {
    const message = objectIn(entry);
    return historyMessage(message, directionOf(value, message), customer, at);
  });
}

function historyMessage(
  message: JsonObject,
  direction: 'INBOUND' | 'OUTBOUND',
  customer: SenderIdentity,
  at: Date,
): ProviderChange[] {
  const wamid = textIn(message['id']);
  if (wamid === undefined) return [];
  return [
    {
      kind: 'history-message',
      wamid,
      direction,
      customer,
      sentAt: instantOf(message['timestamp']) ?? at,
      body: bodyOf(message),
      ...known('status', textIn(objectIn(message['history_context'])['status'])?.toLowerCase()),
      ...contextOf(message),
    },
  ];
}

/** Only what the merchant wrote says to whom, or comes from the number itself. */
function directionOf(value: JsonObject, message: JsonObject): 'INBOUND' | 'OUTBOUND' {
  const number = digitsOf(objectIn(value['metadata'])['display_phone_number']);
  const isOurs = message['to'] !== undefined || message['to_user_id'] !== undefined;
  return isOurs || (number !== undefined && digitsOf(message['from']) === number) ? 'OUTBOUND' : 'INBOUND';
}

function progressOf({ metadata, errors }: JsonObject): ProviderChange[] {
  const [error] = listIn(errors).map(objectIn);
  if (error)
    return [
      {
        kind: 'history-progress',
        phase: 0,
        progress: 0,
        refusal: { code: numberOf(error['code']) ?? 0, title: textIn(error['title']) ?? 'The history is not shared' },
      },
    ];
  const { phase, progress } = objectIn(metadata);
  const [done, part] = [numberOf(progress), numberOf(phase)];
  return done === undefined || part === undefined
    ? []
    : [{ kind: 'history-progress', phase: Math.trunc(part), progress: Math.min(100, Math.max(0, Math.round(done))) }];
}

function contextOf(message: JsonObject): { contextWamid?: string } {
  return known('contextWamid', textIn(objectIn(message['context'])['id']));
}
