import { InboxAccess } from '../../src/kernel/inbox-access.js';
import type { TenantId } from '../../src/kernel/ids.js';
import { OutgoingMessages } from '../../src/modules/messaging/application/outbound/outgoing-messages.js';
import { UnitOfWork } from '../../src/platform/database/unit-of-work.js';
import { Inbox, NUMBER } from './inbox.js';

type Payload = Readonly<Record<string, unknown>>;

describe('Programs hear what a message says, of whom and to whom, and the keys that they gave it themselves (D18)', () => {
  let inbox: Inbox;
  let tenant: TenantId;
  let customers = 0;

  beforeAll(async () => {
    inbox = await Inbox.open();
    ({ tenantId: tenant } = await inbox.merchant());
  });
  afterAll(() => inbox.close());

  const told = async (threadId: string, name: string, direction: string): Promise<Payload[]> =>
    (
      await inbox.sql<{ payload: Payload }>(
        tenant,
        `select payload from tenant_event where thread_id = $1::uuid and name = $2 and coalesce(payload ->> 'direction', $3) = $3 order by position`,
        [threadId, name, direction],
      )
    ).map(({ payload }) => payload);
  const customer = (): { waId: string; userId: string; username: string; profileName: string } => ({
    waId: `9195${String(++customers).padStart(8, '0')}`,
    userId: `IN.${customers}`,
    username: `asha${customers}`,
    profileName: 'Asha',
  });

  it('where a customer wrote it: all of its text, who they are, and what it answers', async () => {
    const asha = customer();
    const text = 'long '.repeat(100).trim();
    const threadId = await inbox.arrive(tenant, inbox.message(asha, text, { contextWamid: 'wamid.before' }));
    const [said] = await told(threadId, 'whatsapp-new-message', 'INBOUND');
    const [contact] = await inbox.sql<{ id: string }>(
      tenant,
      'select contact_id as id from thread where id = $1::uuid',
      [threadId],
    );
    expect(said).toMatchObject({
      direction: 'INBOUND',
      type: 'text',
      content: { type: 'text', text },
      contactId: contact!.id,
      from: { phone: `+${asha.waId}`, bsuid: asha.userId, username: asha.username, name: 'Asha' },
      wamid: expect.stringMatching(/^wamid/) as string,
      contextWamid: 'wamid.before',
    });
    expect((said!['preview'] as string).length).toBeLessThan(text.length);
  });

  it('where a customer tapped or sent a file: the id and title of the button, the id of the file', async () => {
    const asha = customer();
    const tapped = { type: 'tap', source: 'button', id: 'yes-1042', title: 'Yes' } as const;
    const threadId = await inbox.arrive(tenant, inbox.message(asha, tapped));
    await inbox.arrive(tenant, inbox.message(asha, { type: 'media', kind: 'image', mediaId: '77', caption: 'Paid' }));
    const [tap, file] = await told(threadId, 'whatsapp-new-message', 'INBOUND');
    expect(tap).toMatchObject({ type: 'tap', content: tapped, contextWamid: null });
    expect(file).toMatchObject({ type: 'image', content: { kind: 'image', mediaId: '77', caption: 'Paid' } });
  });

  it('where we wrote it, and each time that it has another state', async () => {
    const asha = customer();
    const threadId = await inbox.arrive(tenant, inbox.message(asha, 'anything', { mayAnswer: false }));
    const [order] = await inbox.in(tenant, () =>
      inbox.get(UnitOfWork).runSql(() =>
        inbox.get(OutgoingMessages).add([
          {
            phoneNumberId: NUMBER,
            threadId,
            to: { kind: 'phone', value: `+${asha.waId}` },
            content: { type: 'text', body: 'Your parcel is on its way.' },
            category: 'order_update',
            idempotencyKey: 'parcel-1042',
            contextWamid: 'wamid.before',
            step: { templateKey: 'PARCEL_SHIPPED' },
          },
        ]),
      ),
    );
    const { messageId } = order!;
    const keys = { messageId, idempotencyKey: 'parcel-1042', templateKey: 'PARCEL_SHIPPED' };
    expect(await told(threadId, 'whatsapp-new-message', 'OUTBOUND')).toEqual([
      expect.objectContaining({
        ...keys,
        direction: 'OUTBOUND',
        to: `+${asha.waId}`,
        content: { type: 'text', body: 'Your parcel is on its way.' },
        contextWamid: 'wamid.before',
      }),
    ]);
    await inbox.in(tenant, () =>
      inbox.get(UnitOfWork).runSql(async () => {
        const messages = inbox.get(OutgoingMessages);
        const message = await messages.getForUpdate(InboxAccess.of({ areas: 'all' }), messageId);
        message.cancel();
        await messages.save(message);
      }),
    );
    expect(await told(threadId, 'whatsapp-message-status', 'OUTBOUND')).toEqual([
      expect.objectContaining({ ...keys, status: 'cancelled', wamid: null }),
    ]);
  });
});
