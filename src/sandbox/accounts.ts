import { Injectable } from '@nestjs/common';
import { GraphError } from './graph-error.js';
import { derivedDigits } from './ids.js';
import type { JsonObject } from './json-input.js';
import { RateBucket } from './rate-bucket.js';
import { SandboxSettings } from './settings.js';

/** A business phone number. */
export interface BusinessNumber {
  readonly id: string;
  wabaId: string;
  /** Digits only, as webhooks write it. */
  readonly displayPhoneNumber: string;
  verifiedName: string;
  qualityRating: 'GREEN' | 'YELLOW' | 'RED' | 'UNKNOWN';
  registered: boolean;
  /** CONNECTED, FLAGGED, RESTRICTED ...; shown while the number is registered. */
  status: string;
  /** APPROVED, PENDING_REVIEW, DECLINED ... */
  nameStatus: string;
  /** TIER_250, TIER_2K ... */
  messagingLimitTier: string;
  /** Messages a second. */
  messagesPerSecond: number;
  /** Whether the pair of account and number was declared, or only guessed from who asked. */
  isDeclared: boolean;
  readonly bucket: RateBucket;
  readonly profile: JsonObject;
}

/** A WhatsApp Business account. */
export interface BusinessAccount {
  readonly id: string;
  readonly name: string;
  /** The business portfolio that owns it. */
  readonly businessId: string;
  /** Whether the app hears its webhooks (`subscribed_apps`). */
  subscribed: boolean;
}

/** What a number or a declaration may say about itself. */
export interface NumberDeclaration {
  wabaId?: string;
  displayPhoneNumber?: string;
  verifiedName?: string;
  messagesPerSecond?: number;
  qualityRating?: BusinessNumber['qualityRating'];
  status?: string;
  nameStatus?: string;
  messagingLimitTier?: string;
}

/**
 * Accounts and numbers, made on first use.
 *
 * A token `mock_...` may use every numeric id, so nobody has told which number belongs to which account. Rules, in order:
 * 1. a declared pair (`PUT /sandbox/numbers/{id}`, or an account made by embedded signup) is a fact;
 * 2. otherwise a number belongs to the first account for which the same token asked the list of numbers after it had
 *    used the number; until then to an account of its own, whose id is derived from the number's;
 * 3. an account's list shows its own numbers and, newest first, every undeclared number that the asking token has used.
 * So a client that looks at the number and then at the account's list finds the number in it, with whatever ids it has.
 */
@Injectable()
export class Accounts {
  private readonly numbers = new Map<string, BusinessNumber>();
  private readonly accounts = new Map<string, BusinessAccount>();
  private readonly usedBy = new Map<string, Set<BusinessNumber>>();

  constructor(private readonly settings: SandboxSettings) {}

  /** The number with this id, made when it is new. @throws GraphError 100/33 when the id is not numeric or an account's */
  number(id: string, method = 'POST'): BusinessNumber {
    const known = this.numbers.get(id);
    if (known) return known;
    if (!/^\d{1,32}$/.test(id) || this.accounts.has(id)) throw GraphError.unknownObject(id, method);
    const number = this.newNumber(id);
    this.numbers.set(id, number);
    return number;
  }

  /** The number, remembering that `token` used it. */
  numberUsedBy(token: string, id: string, method: string): BusinessNumber {
    const number = this.number(id, method);
    if (number.isDeclared) return number;
    const used = this.usedBy.get(token) ?? new Set();
    if (!used.has(number)) this.usedBy.set(token, used.add(number));
    return number;
  }

  hasNumber(id: string): boolean {
    return this.numbers.has(id);
  }

  /** The account with this id, made when it is new. @throws GraphError 100/33 when the id is not numeric or a number's */
  account(id: string, method = 'GET'): BusinessAccount {
    const known = this.accounts.get(id);
    if (known) return known;
    if (!/^\d{1,32}$/.test(id) || this.numbers.has(id)) throw GraphError.unknownObject(id, method);
    const account = {
      id,
      name: `Sandbox account ${id}`,
      businessId: derivedDigits(`business|${id}`, 15),
      subscribed: true,
    };
    this.accounts.set(id, account);
    return account;
  }

  hasAccount(id: string): boolean {
    return this.accounts.has(id);
  }

  /** The account's numbers as `token` sees them (rule 3); adopts those that have no account yet (rule 2). */
  numbersOf(account: BusinessAccount, token: string): BusinessNumber[] {
    const used = [...(this.usedBy.get(token) ?? [])].filter((number) => !number.isDeclared).reverse();
    for (const number of used) if (number.wabaId === ownAccountOf(number.id)) number.wabaId = account.id;
    const own = [...this.numbers.values()].filter((number) => number.wabaId === account.id && !used.includes(number));
    return [...own, ...used];
  }

  /** Makes the pair of account and number a fact and sets what else is given. */
  declare(id: string, declaration: NumberDeclaration): BusinessNumber {
    const number = this.number(id, 'PUT');
    if (declaration.wabaId !== undefined) {
      number.wabaId = this.account(declaration.wabaId, 'PUT').id;
      number.isDeclared = true;
    }
    if (declaration.verifiedName !== undefined) number.verifiedName = declaration.verifiedName;
    if (declaration.qualityRating !== undefined) number.qualityRating = declaration.qualityRating;
    if (declaration.status !== undefined) number.status = declaration.status;
    if (declaration.nameStatus !== undefined) number.nameStatus = declaration.nameStatus;
    if (declaration.messagingLimitTier !== undefined) number.messagingLimitTier = declaration.messagingLimitTier;
    if (declaration.messagesPerSecond !== undefined) {
      number.messagesPerSecond = declaration.messagesPerSecond;
      number.bucket.changeRate(declaration.messagesPerSecond, declaration.messagesPerSecond);
    }
    return number;
  }

  /**
   * The account, number and business that a finished embedded signup shares: ids written into the code
   * (`sandbox_code_<wabaId>_<phoneNumberId>`) or derived from it. The account is not subscribed yet.
   */
  signUp(secret: string): { account: BusinessAccount; number: BusinessNumber } {
    const [, wabaId, phoneNumberId] = /^(\d{5,32})_(\d{5,32})$/.exec(secret) ?? [];
    const accountId = wabaId ?? derivedDigits(`waba|${secret}`, 15);
    const isNew = !this.accounts.has(accountId);
    const account = this.account(accountId);
    const number = this.declare(phoneNumberId ?? derivedDigits(`number|${secret}`, 15), { wabaId: account.id });
    if (isNew) account.subscribed = false;
    return { account, number };
  }

  isSubscribed(number: BusinessNumber): boolean {
    return this.accounts.get(number.wabaId)?.subscribed ?? true;
  }

  clear(): void {
    this.numbers.clear();
    this.accounts.clear();
    this.usedBy.clear();
  }

  private newNumber(id: string): BusinessNumber {
    const rate = this.settings.messagesPerSecond;
    return {
      id,
      wabaId: ownAccountOf(id),
      displayPhoneNumber: `1555${derivedDigits(`display|${id}`, 8).slice(1)}`,
      verifiedName: `Sandbox ${id.slice(-4)}`,
      qualityRating: 'GREEN',
      registered: true,
      status: 'CONNECTED',
      nameStatus: 'APPROVED',
      messagingLimitTier: 'TIER_2K',
      messagesPerSecond: rate,
      isDeclared: false,
      bucket: new RateBucket(rate, rate, performance.now()),
      profile: { messaging_product: 'whatsapp', about: 'Made by the WhatsApp sandbox' },
    };
  }
}

function ownAccountOf(phoneNumberId: string): string {
  return derivedDigits(`waba-of|${phoneNumberId}`, 15);
}
