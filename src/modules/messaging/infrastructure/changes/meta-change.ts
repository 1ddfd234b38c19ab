import type { ProviderChange } from '../../application/changes/provider-change.js';
import { isObject, objectIn, textIn } from '../inbound/webhook-json.js';
import {
  readAccountAlert,
  readAccountReview,
  readAccountUpdate,
  readInfo,
  readSecurity,
} from './meta-account-change.js';
import { readCalls } from './meta-call.js';
import { readEchoes, readHistory, readStateSync } from './meta-phone-messages.js';
import { readPreferences } from './meta-change-values.js';
import {
  readTemplateCategory,
  readTemplateComponents,
  readTemplateQuality,
  readTemplateStatus,
} from './meta-template-change.js';
import type { ChangeReader } from './meta-change-values.js';

/** By Meta's webhook field (Meta, "Webhooks reference"): what is acted upon. Groups, flows and what may come are kept as they are. */
const READERS: ReadonlyMap<string, ChangeReader> = new Map<string, ChangeReader>(
  Object.entries({
    smb_message_echoes: readEchoes,
    history: readHistory,
    smb_app_state_sync: readStateSync,
    calls: readCalls,
    user_preferences: readPreferences,
    message_template_status_update: readTemplateStatus,
    message_template_quality_update: readTemplateQuality,
    message_template_components_update: readTemplateComponents,
    template_category_update: readTemplateCategory,
    account_update: readAccountUpdate,
    account_review_update: readAccountReview,
    account_alerts: readAccountAlert,
    security: readSecurity,
    business_capability_update: readInfo('BUSINESS_CAPABILITY_UPDATE'),
    account_settings_update: readInfo('ACCOUNT_SETTINGS_UPDATE'),
    business_username_update: readInfo('BUSINESS_USERNAME_UPDATE'),
    payment_configuration_update: readInfo('PAYMENT_CONFIGURATION_UPDATE'),
    partner_solutions: readInfo('PARTNER_SOLUTION_UPDATE'),
    phone_number_quality_update: (value) => [
      {
        kind: 'number-quality',
        ...given('displayPhoneNumber', textIn(value['display_phone_number'])),
        ...given('event', textIn(value['event'])),
        // `current_limit` until February 2026, the portfolio's limit since.
        ...given(
          'messagingTier',
          textIn(value['max_daily_conversations_per_business']) ?? textIn(value['current_limit']),
        ),
        ...given('qualityRating', textIn(value['quality_rating'])),
      },
    ],
    phone_number_name_update: (value) => [
      {
        kind: 'number-name',
        ...given('displayPhoneNumber', textIn(value['display_phone_number'])),
        decision: textIn(value['decision']) ?? 'UNKNOWN',
        ...given('requestedName', textIn(value['requested_verified_name'])),
        ...given('reason', textIn(value['rejection_reason'])),
      },
    ],
  } satisfies Record<string, ChangeReader>),
);

/** Whether changes of a field wait for a consumer; the others are done once they are kept. */
export function isActedUpon(field: string): boolean {
  return READERS.has(field);
}

/**
 * Reads a change's value, whole or one part of it, in NoDue's words. What cannot be read is `other`: kept, and acted upon by nobody.
 * @param at the provider's time of the change, for parts that have none
 */
export function changesOf(field: string, value: unknown, at: Date): ProviderChange[] {
  const read = isObject(value) ? (READERS.get(field)?.(objectIn(value), at) ?? []) : [];
  return read.length > 0 ? read : [{ kind: 'other' }];
}

function given<Name extends string>(name: Name, value: string | undefined): Partial<Record<Name, string>> {
  return value === undefined ? {} : ({ [name]: value } as Record<Name, string>);
}
