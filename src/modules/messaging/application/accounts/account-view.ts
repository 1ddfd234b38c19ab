import type {
  AccountState,
  AccountStatus,
  BusinessNumber,
  NumberPurpose,
  NumberStatus,
} from '../../domain/whatsapp-account.js';

/** An account as its merchant sees it (S0.12): never the token. */
export interface AccountView {
  readonly id: string;
  readonly status: AccountStatus;
  readonly setupStatus: 'COMPLETED';
  readonly provider: 'meta';
  readonly wabaId: string;
  /** The first of its numbers that is not disconnected. */
  readonly phoneNumberId: string | null;
  readonly businessProfileId: string | null;
  readonly connectedAt: Date;
  readonly phoneNumbers: readonly PhoneNumberView[];
}

export interface PhoneNumberView {
  readonly phoneNumberId: string;
  readonly wabaId: string;
  readonly displayPhoneNumber: string;
  readonly verifiedName: string | null;
  readonly displayName: string | null;
  readonly areaId: string | null;
  readonly purpose: NumberPurpose;
  readonly status: NumberStatus;
  readonly pausedReason: string | null;
  readonly qualityRating: string | null;
  readonly throughput: number;
}

export function toAccountView({
  id,
  status,
  wabaId,
  businessProfileId,
  connectedAt,
  numbers,
}: AccountState): AccountView {
  const phoneNumbers = numbers
    .filter((number) => status === 'disconnected' || number.status !== 'disconnected')
    .map((number) => toPhoneNumberView(number, wabaId));
  return {
    id,
    status,
    setupStatus: 'COMPLETED',
    provider: 'meta',
    wabaId,
    phoneNumberId: phoneNumbers[0]?.phoneNumberId ?? null,
    businessProfileId,
    connectedAt,
    phoneNumbers,
  };
}

export function toPhoneNumberView(number: BusinessNumber, wabaId: string): PhoneNumberView {
  const {
    phoneNumberId,
    displayPhoneNumber,
    verifiedName,
    displayName,
    areaId,
    purpose,
    status,
    pausedReason,
    qualityRating,
    throughput,
  } = number;
  return {
    phoneNumberId,
    wabaId,
    displayPhoneNumber,
    verifiedName,
    displayName,
    areaId,
    purpose,
    status,
    pausedReason,
    qualityRating,
    throughput,
  };
}
