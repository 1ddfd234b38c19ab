/** One lane a phone number: asks the provider how the number is. */
export const PHONE_HEALTH = 'phone-health';
