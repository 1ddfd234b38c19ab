import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Clock } from '../../../../kernel/clock.js';
import { AuditLog } from '../../../../platform/auth/index.js';
import { TenantDirectory } from '../../../../platform/database/tenant-directory.js';
import { TenantScope } from '../../../../platform/database/tenant-scope.js';
import { Lanes } from '../../../../platform/lanes/lanes.js';
import { PhoneNumberTaken } from '../../domain/account-errors.js';
import { type Connection, WhatsAppAccount } from '../../domain/whatsapp-account.js';
import { type AccountView, toAccountView } from './account-view.js';
import { SignupTokens, WhatsAppAccounts } from './whatsapp-accounts.js';
import { SEND_QUEUE } from '../outbound/send-queue-lane.js';

/**
 * Saves what the provider has confirmed (S0.12): the account, its numbers, its sealed token, and that webhooks and messages of
 * these numbers are this tenant's. The last step of both ways to connect. @throws PhoneNumberTaken
 */
export class SaveConnection extends Command<AccountView> {
  constructor(
    readonly connection: Connection,
    /** The signup's code, when one was exchanged for the token. */
    readonly code?: string,
  ) {
    super();
  }
}

@CommandHandler(SaveConnection)
export class SaveConnectionHandler implements ICommandHandler<SaveConnection> {
  constructor(
    private readonly accounts: WhatsAppAccounts,
    private readonly signups: SignupTokens,
    private readonly directory: TenantDirectory,
    private readonly scope: TenantScope,
    private readonly lanes: Lanes,
    private readonly audit: AuditLog,
    private readonly clock: Clock,
  ) {}

  async execute({ connection, code }: SaveConnection): Promise<AccountView> {
    const now = this.clock.now();
    // First, because the claim's row lock lets one of two simultaneous connections wait for the other.
    await this.#claim(connection);
    const known = await this.accounts.findByWaba(connection.wabaId);
    known?.reconnect(connection, now);
    const account = known ?? WhatsAppAccount.connect(connection, now);
    await this.accounts.save(account);
    if (code !== undefined) await this.signups.forget(code);
    const tenantId = this.scope.tenantId;
    const { numbers } = account.state;
    await this.lanes.ring(
      SEND_QUEUE,
      numbers
        .filter(({ status }) => status === 'active')
        .map(({ phoneNumberId }) => ({ key: phoneNumberId, tenantId, dueAt: now })),
    );
    await this.audit.record({
      action: 'whatsapp-account.connected',
      subjectId: account.id,
      details: { wabaId: connection.wabaId, method: code === undefined ? 'manual' : 'embedded-signup' },
    });
    return toAccountView(account.state);
  }

  async #claim({ wabaId, numbers }: Connection): Promise<void> {
    const tenantId = this.scope.tenantId;
    if (!(await this.directory.claim('waba', wabaId, tenantId))) throw new PhoneNumberTaken();
    // In one order, so that two connections cannot wait for each other.
    for (const phoneNumberId of numbers.map((number) => number.phoneNumberId).sort()) {
      if (!(await this.directory.claim('phone_number', phoneNumberId, tenantId))) throw new PhoneNumberTaken();
    }
  }
}
