import { AggregateRoot } from '../../../kernel/aggregate-root.js';
import { newId } from '../../../kernel/ids.js';
import { PhoneNumberNotFound } from './account-errors.js';
import {
  AccountConnected,
  AccountDisconnected,
  CredentialRefused,
  CredentialReplaced,
  PhoneNumberAreaChanged,
  PhoneNumberPaused,
  PhoneNumberResumed,
} from './account-events.js';

export type AccountStatus = 'connected' | 'credential_refused' | 'disconnected';
export type NumberPurpose = 'default' | 'retarget';
export type NumberStatus = 'active' | 'paused' | 'disconnected';

/** What the provider says of a number. */
export interface NumberFacts {
  readonly phoneNumberId: string;
  /** +E.164 */
  readonly displayPhoneNumber: string;
  readonly verifiedName: string | null;
  readonly qualityRating: string | null;
  /** Messages a second. */
  readonly throughput: number;
}

/** A phone number of an account: the provider's facts and the merchant's choices. */
export interface BusinessNumber extends NumberFacts {
  readonly displayName: string | null;
  readonly areaId: string | null;
  readonly purpose: NumberPurpose;
  readonly status: NumberStatus;
  readonly pausedReason: string | null;
  readonly createdAt: Date;
}

/** The merchant's choices; what is left out stays as it is. */
export interface NumberChoices {
  readonly displayName?: string | null;
  readonly areaId?: string | null;
  readonly purpose?: NumberPurpose;
}

export interface AccountState {
  readonly id: string;
  readonly wabaId: string;
  readonly businessProfileId: string | null;
  readonly status: AccountStatus;
  readonly credentialVersion: number;
  readonly connectedAt: Date;
  readonly numbers: readonly BusinessNumber[];
}

export interface Connection {
  readonly wabaId: string;
  readonly businessProfileId: string | null;
  readonly accessToken: string;
  readonly numbers: readonly NumberFacts[];
}

/** A merchant's WhatsApp Business Account with its numbers (S0.12). The token passes through and is kept sealed, outside. */
export class WhatsAppAccount extends AggregateRoot {
  readonly #numbers: Map<string, BusinessNumber>;
  #newToken: string | undefined;

  private constructor(
    private facts: Omit<AccountState, 'numbers'>,
    numbers: readonly BusinessNumber[],
  ) {
    super();
    this.#numbers = new Map(numbers.map((number) => [number.phoneNumberId, number]));
  }

  static restore({ numbers, ...facts }: AccountState): WhatsAppAccount {
    return new WhatsAppAccount(facts, numbers);
  }

  static connect(connection: Connection, at: Date): WhatsAppAccount {
    const { wabaId, businessProfileId, accessToken, numbers } = connection;
    const account = new WhatsAppAccount(
      { id: newId(), wabaId, businessProfileId, status: 'connected', credentialVersion: 1, connectedAt: at },
      [],
    );
    account.#newToken = accessToken;
    account.#takeNumbers(numbers, at);
    account.record(
      new AccountConnected(
        account.id,
        wabaId,
        numbers.map(({ phoneNumberId }) => phoneNumberId),
      ),
    );
    return account;
  }

  get id(): string {
    return this.facts.id;
  }

  get state(): AccountState {
    return { ...this.facts, numbers: [...this.#numbers.values()] };
  }

  /** The token that is to be sealed and saved; none when it stays as it is. */
  get newToken(): string | undefined {
    return this.#newToken;
  }

  /** Connected again, with a new token or more numbers. Lifts pauses of the numbers that were named: a person vouches for them. */
  reconnect({ accessToken, businessProfileId, numbers }: Connection, at: Date): void {
    const was = this.facts;
    const credentialVersion = was.credentialVersion + 1;
    this.facts = {
      ...was,
      businessProfileId: businessProfileId ?? was.businessProfileId,
      status: 'connected',
      credentialVersion,
      connectedAt: was.status === 'disconnected' ? at : was.connectedAt,
    };
    this.#newToken = accessToken;
    this.#takeNumbers(numbers, at);
    this.record(new CredentialReplaced(this.id, credentialVersion));
    this.record(
      new AccountConnected(
        this.id,
        was.wabaId,
        numbers.map(({ phoneNumberId }) => phoneNumberId),
      ),
    );
  }

  /** The provider refused the token of that version; a later one may have taken its place meanwhile. */
  refuseCredential(credentialVersion: number, reason: string): void {
    if (this.facts.status !== 'connected' || this.facts.credentialVersion !== credentialVersion) return;
    this.facts = { ...this.facts, status: 'credential_refused' };
    this.record(new CredentialRefused(this.id, this.facts.wabaId, reason));
  }

  disconnect(): void {
    if (this.facts.status === 'disconnected') return;
    this.facts = { ...this.facts, status: 'disconnected' };
    for (const number of this.#numbers.values()) this.#put({ ...number, status: 'disconnected', pausedReason: null });
    this.record(new AccountDisconnected(this.id, this.facts.wabaId));
  }

  /** @throws PhoneNumberNotFound */
  pauseNumber(phoneNumberId: string, reason: string): void {
    const number = this.#number(phoneNumberId);
    if (number.status !== 'active') return;
    this.#put({ ...number, status: 'paused', pausedReason: reason });
    this.record(new PhoneNumberPaused(this.id, phoneNumberId, reason));
  }

  /** @throws PhoneNumberNotFound */
  resumeNumber(phoneNumberId: string): void {
    const number = this.#number(phoneNumberId);
    if (number.status !== 'paused') return;
    this.#put({ ...number, status: 'active', pausedReason: null });
    this.record(new PhoneNumberResumed(this.id, phoneNumberId));
  }

  /** @throws PhoneNumberNotFound */
  changeNumber(phoneNumberId: string, { displayName, areaId, purpose }: NumberChoices): BusinessNumber {
    const number = this.#number(phoneNumberId);
    const changed = {
      ...number,
      displayName: displayName === undefined ? number.displayName : displayName,
      areaId: areaId === undefined ? number.areaId : areaId,
      purpose: purpose ?? number.purpose,
    };
    this.#put(changed);
    if (changed.areaId !== number.areaId)
      this.record(new PhoneNumberAreaChanged(this.id, phoneNumberId, changed.areaId));
    return changed;
  }

  #takeNumbers(numbers: readonly NumberFacts[], at: Date): void {
    for (const facts of numbers) {
      const known = this.#numbers.get(facts.phoneNumberId);
      this.#put({
        displayName: null,
        areaId: null,
        purpose: 'default',
        createdAt: at,
        ...known,
        ...facts,
        status: 'active',
        pausedReason: null,
      });
    }
  }

  #number(phoneNumberId: string): BusinessNumber {
    const number = this.#numbers.get(phoneNumberId);
    if (!number) throw new PhoneNumberNotFound();
    return number;
  }

  #put(number: BusinessNumber): void {
    this.#numbers.set(number.phoneNumberId, number);
  }
}
