import type { ProviderChange } from '../../application/changes/provider-change.js';
import type { SenderIdentity } from '../../application/inbound/inbound-message.js';
import { known } from '../inbound/meta-message.js';
import { listIn, objectIn, textIn, type JsonObject } from '../inbound/webhook-json.js';

/** Reads the value of one field. Nothing is read where the value does not say what it should. */
export type ChangeReader = (value: JsonObject, at: Date) => ProviderChange[];

/** Seconds since 1970, as text or number. */
export function instantOf(value: unknown): Date | undefined {
  const seconds = Number(textIn(value));
  return seconds > 0 && seconds < LATEST ? new Date(seconds * 1000) : undefined;
}

const LATEST = Date.UTC(2100, 0) / 1000;

export function numberOf(value: unknown): number | undefined {
  const text = textIn(value);
  return text !== undefined && Number.isFinite(Number(text)) ? Number(text) : undefined;
}

/** Digits, as the provider's ids of phones are. */
export function digitsOf(value: unknown): string | undefined {
  const digits = textIn(value)?.replace(/\D/g, '');
  return digits === '' ? undefined : digits;
}

/** The customer, as a message or a call names them under these names, completed by the contact beside it. */
export function customerOf(
  entry: JsonObject,
  side: 'from' | 'to' | 'recipient',
  contacts: unknown,
): SenderIdentity | undefined {
  const waId = digitsOf(entry[side === 'recipient' ? 'recipient_id' : side]);
  const userId = textIn(entry[`${side}_user_id`]);
  const list = listIn(contacts).map(objectIn);
  const contact =
    list.find(
      (one) =>
        (userId !== undefined && one['user_id'] === userId) || (waId !== undefined && digitsOf(one['wa_id']) === waId),
    ) ?? (list.length === 1 && waId === undefined && userId === undefined ? list[0]! : {});
  const profile = objectIn(contact['profile']);
  const found: SenderIdentity = {
    ...known('waId', waId ?? digitsOf(contact['wa_id'])),
    ...known('userId', userId ?? textIn(contact['user_id'])),
    ...known('parentUserId', textIn(entry[`${side}_parent_user_id`]) ?? textIn(contact['parent_user_id'])),
    ...known('username', textIn(profile['username']) ?? textIn(contact['username'])),
    ...known('profileName', textIn(profile['name'])),
  };
  return isNamed(found) ? found : undefined;
}

/** Whether somebody can be found by it. */
export function isNamed({ waId, userId }: SenderIdentity): boolean {
  return waId !== undefined || userId !== undefined;
}

/**
 * The customer's own choice in the chat's settings (F7; Meta, "user_preferences webhook reference"), under each name that messages may be
 * addressed to: who is known by two has chosen for both.
 */
export const readPreferences: ChangeReader = (value, at) =>
  listIn(value['user_preferences']).flatMap((entry): ProviderChange[] => {
    const { wa_id: waId, user_id: userId, value: choice, timestamp } = objectIn(entry);
    const [phone, bsuid] = [digitsOf(waId), textIn(userId)];
    if (choice !== 'stop' && choice !== 'resume') return [];
    const chosen = { kind: 'marketing-preference', choice, at: instantOf(timestamp) ?? at } as const;
    return [
      ...(phone === undefined ? [] : [{ ...chosen, customer: { kind: 'phone' as const, value: phone } }]),
      ...(bsuid === undefined ? [] : [{ ...chosen, customer: { kind: 'bsuid' as const, value: bsuid } }]),
    ];
  });
