import type { BusinessAccount, BusinessNumber } from '../accounts.js';

/** Fields of a number that come unasked. */
export const NUMBER_DEFAULTS = [
  'verified_name',
  'code_verification_status',
  'display_phone_number',
  'quality_rating',
  'platform_type',
  'throughput',
  'webhook_configuration',
];

/** A number with every field that the Graph API knows of it. */
export function numberNode(number: BusinessNumber): Record<string, unknown> {
  return {
    id: number.id,
    verified_name: number.verifiedName,
    display_phone_number: readable(number.displayPhoneNumber),
    quality_rating: number.qualityRating,
    code_verification_status: 'VERIFIED',
    name_status: number.nameStatus,
    new_name_status: 'NONE',
    status: number.registered ? number.status : 'DISCONNECTED',
    platform_type: number.registered ? 'CLOUD_API' : 'NOT_APPLICABLE',
    throughput: { level: number.messagesPerSecond > 80 ? 'HIGH' : 'STANDARD' },
    messaging_limit_tier: number.messagingLimitTier,
    whatsapp_business_manager_messaging_limit: number.messagingLimitTier,
    is_official_business_account: false,
    is_on_biz_app: false,
    is_pin_enabled: true,
    account_mode: 'SANDBOX',
    host_platform: 'CLOUD_API',
    last_onboarded_time: '2026-01-01T00:00:00+0000',
    health_status: { can_send_message: number.registered ? 'AVAILABLE' : 'BLOCKED' },
    webhook_configuration: {},
  };
}

/** `+1 555-078-3881`, as the manager shows it. */
function readable(digits: string): string {
  const local = digits.slice(-10);
  return `+${digits.slice(0, -10)} ${local.slice(0, 3)}-${local.slice(3, 6)}-${local.slice(6)}`;
}

export const ACCOUNT_DEFAULTS = ['name', 'timezone_id', 'message_template_namespace'];

/** Fields that only an account has: they tell an account from a number when an id is new. */
export const ACCOUNT_FIELDS = [
  'timezone_id',
  'message_template_namespace',
  'currency',
  'account_review_status',
  'business_verification_status',
  'owner_business_info',
  'on_behalf_of_business_info',
  'phone_numbers',
  'message_templates',
  'subscribed_apps',
  'country',
  'ownership_type',
];

export function accountNode({ id, name, businessId }: BusinessAccount): Record<string, unknown> {
  return {
    id,
    name,
    timezone_id: '71',
    message_template_namespace: `sandbox_${id}`,
    currency: 'INR',
    country: 'IN',
    account_review_status: 'APPROVED',
    business_verification_status: 'verified',
    ownership_type: 'CLIENT_OWNED',
    owner_business_info: { id: businessId, name: `Sandbox business ${businessId.slice(-4)}` },
    status: 'ACTIVE',
    health_status: { can_send_message: 'AVAILABLE' },
  };
}
