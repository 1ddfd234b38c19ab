import type { ProviderChange } from '../../application/changes/provider-change.js';
import { known } from '../inbound/meta-message.js';
import { listIn, objectIn, textIn, type JsonObject } from '../inbound/webhook-json.js';
import { type ChangeReader, customerOf, digitsOf, instantOf, numberOf } from './meta-change-values.js';

/** Calls either way (S1.85; Meta, "Cloud API Calling"): events of a call, and how a call of ours is received. */
export const readCalls: ChangeReader = (value, at) => [
  ...listIn(value['calls']).flatMap((entry): ProviderChange[] => {
    const call = objectIn(entry);
    const direction = directionOf(value, call);
    const callId = textIn(call['id']);
    const customer = customerOf(call, direction === 'OUTBOUND' ? 'to' : 'from', value['contacts']);
    const [startedAt, endedAt] = [instantOf(call['start_time']), instantOf(call['end_time'])];
    const durationS = numberOf(call['duration']);
    if (callId === undefined || customer === undefined) return [];
    return [
      {
        kind: 'call',
        callId,
        direction,
        customer,
        state: (textIn(call['event']) ?? 'unknown').toLowerCase(),
        ...known('outcome', textIn(call['status'])?.toUpperCase()),
        at: instantOf(call['timestamp']) ?? at,
        ...(startedAt && { startedAt }),
        ...(endedAt && { endedAt }),
        ...(durationS !== undefined && { durationS: Math.round(durationS) }),
      },
    ];
  }),
  // Only calls that the merchant began have statuses.
  ...listIn(value['statuses']).flatMap((entry): ProviderChange[] => {
    const status = objectIn(entry);
    const callId = textIn(status['id']);
    const customer = customerOf(status, 'recipient', value['contacts']);
    if (callId === undefined || customer === undefined) return [];
    return [
      {
        kind: 'call',
        callId,
        direction: 'OUTBOUND',
        customer,
        state: (textIn(status['status']) ?? 'unknown').toLowerCase(),
        at: instantOf(status['timestamp']) ?? at,
      },
    ];
  }),
];

function directionOf(value: JsonObject, call: JsonObject): 'INBOUND' | 'OUTBOUND' {
  if (call['direction'] === 'BUSINESS_INITIATED') return 'OUTBOUND';
  if (call['direction'] === 'USER_INITIATED') return 'INBOUND';
  const number = digitsOf(objectIn(value['metadata'])['display_phone_number']);
  return number !== undefined && digitsOf(call['from']) === number ? 'OUTBOUND' : 'INBOUND';
}
