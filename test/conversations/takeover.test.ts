import { newId, type TenantId } from '../../src/kernel/ids.js';
import { HandToPeople } from '../../src/modules/conversations/application/hand-to-people.js';
import { EnqueueMessage } from '../../src/modules/messaging/index.js';
import { SendQueue } from '../../src/modules/messaging/infrastructure/outbound/send-queue.js';
import { Commands } from '../../src/platform/cqrs/commands.js';
import { Inbox, NUMBER } from './inbox.js';

interface Shown {
  botPausedUntil: string | null;
  botPause: { why: string; at: string } | null;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const WA_ID = '919876543210';

describe('A person takes over (F12)', () => {
  let inbox: Inbox;
  let tenant: TenantId;
  let apiKey: string;
  let conversation: string;

  beforeAll(async () => {
    inbox = await Inbox.open();
    // What is queued is dated by the database.
    inbox.clock.advance(Date.now() - inbox.clock.now().getTime());
  }, 120_000);
  afterAll(() => inbox.close());
  beforeEach(async () => {
    ({ tenantId: tenant, apiKey } = await inbox.merchant());
    inbox.clock.advance(HOUR);
    conversation = await hear('hi');
  });

  const hear = (text: string): Promise<string> => inbox.arrive(tenant, inbox.message({ waId: WA_ID }, text));
  const execute = (command: Parameters<Commands['execute']>[0]): Promise<unknown> =>
    inbox.in(tenant, () => inbox.get(Commands).execute(command));
  const say = (body: string): Promise<void> => inbox.say(tenant, conversation, body);
  const echo = (sentAt: Date): Promise<void> => inbox.echo(tenant, WA_ID, sentAt);
  const shown = async (): Promise<Shown> => {
    const { body } = await inbox.call<Shown>('GET', `/v1/conversations/${conversation}`, apiKey);
    return { botPausedUntil: body.botPausedUntil, botPause: body.botPause };
  };
  const silentUntil = (until: Date | null): Promise<{ status: number }> =>
    inbox.call('PATCH', `/v1/conversations/${conversation}`, apiKey, { botPausedUntil: until });
  const told = async (): Promise<object[]> => {
    const rows = await inbox.sql<{ changed: Shown }>(
      tenant,
      `select payload -> 'changed' as changed from tenant_event where payload -> 'changed' ? 'botPausedUntil' order by position`,
    );
    return rows.map(({ changed: { botPausedUntil, botPause } }) => ({ botPausedUntil, botPause }));
  };
  const now = (): Date => inbox.clock.now();
  const later = (milliseconds: number): Date => new Date(now().getTime() + milliseconds);
  const byPerson = (at: Date, until = new Date(at.getTime() + HOUR)): Shown => ({
    botPausedUntil: until.toISOString(),
    botPause: { why: 'person', at: at.toISOString() },
  });
  const NOBODY: Shown = { botPausedUntil: null, botPause: null };

  it('is shown with the time, and sockets are told the same', async () => {
    expect(await shown()).toEqual(NOBODY);
    await say('I am here');
    const first = byPerson(now());
    expect(await shown()).toEqual(first);
    inbox.clock.advance(MINUTE);
    await say('and here');
    const second = byPerson(now());
    expect(await shown()).toEqual(second);
    await silentUntil(null);
    expect(await shown()).toEqual(NOBODY);
    await silentUntil(later(2 * HOUR));
    const third = byPerson(now(), later(2 * HOUR));
    expect(await shown()).toEqual(third);
    expect(await told()).toEqual([first, second, NOBODY, third]);
    inbox.clock.advance(2 * HOUR);
    expect(await shown()).toEqual(NOBODY);
  });

  it('is none when its end is past already', async () => {
    expect((await silentUntil(later(-HOUR))).status).toBe(200);
    expect(await shown()).toEqual(NOBODY);
  });

  it('is the reason from then on; a flow that hands over meanwhile is not', async () => {
    const inSql = (why: 'flow' | 'loop'): Promise<unknown> => execute(new HandToPeople(conversation, why));
    await inSql('loop');
    expect((await shown()).botPause).toEqual({ why: 'loop', at: now().toISOString() });
    inbox.clock.advance(MINUTE);
    await say('Who is that?');
    const taken = byPerson(now());
    expect(await shown()).toEqual(taken);
    inbox.clock.advance(MINUTE);
    await inSql('flow');
    expect(await shown()).toEqual({ ...taken, botPausedUntil: later(HOUR).toISOString() });
    inbox.clock.advance(HOUR);
    await inSql('flow');
    expect((await shown()).botPause).toEqual({ why: 'flow', at: now().toISOString() });
  });

  it('on the phone counts from when it was written there, and shortens no longer silence', async () => {
    await echo(later(-10 * MINUTE));
    expect(await shown()).toEqual(byPerson(later(-10 * MINUTE)));
    const tomorrow = later(24 * HOUR);
    await silentUntil(tomorrow);
    const asked = byPerson(now(), tomorrow);
    inbox.clock.advance(MINUTE);
    await echo(now());
    expect(await shown()).toEqual(byPerson(now(), tomorrow));
    await echo(new Date(new Date(asked.botPause!.at).getTime() - MINUTE));
    expect(await shown()).toEqual(byPerson(now(), tomorrow));
  });

  it('on the phone silences nothing when it is told a day late', async () => {
    const before = (await inbox.texts(tenant)).length;
    await echo(later(-20 * HOUR));
    expect(await shown()).toEqual(NOBODY);
    await hear('hi');
    const texts = await inbox.texts(tenant);
    expect(texts).toHaveLength(before + 2);
    expect(texts.at(-1)).toMatch(/^Welcome/);
  });

  describe('while automatic answers wait for their turn (G8)', () => {
    const claim = async (): Promise<string[]> => {
      const { messages } = await inbox.in(tenant, () =>
        inbox.get(SendQueue).claim(NUMBER, { count: 10, resting: [], leaseToken: newId() }),
      );
      return messages.map(({ content }) => ('body' in content ? (content.body as string) : content.type));
    };
    const cancelled = async (): Promise<string[]> => {
      const rows = await inbox.sql<{ code: string }>(
        tenant,
        `select failure ->> 'code' as code from message where state = 'cancelled' order by seq`,
      );
      return rows.map(({ code }) => code);
    };
    const queueAutomatic = (body: string, once: string): Promise<unknown> =>
      execute(
        new EnqueueMessage({
          phoneNumberId: NUMBER,
          to: { kind: 'phone', value: WA_ID },
          content: { type: 'text', body },
          category: 'automatic_answer',
          threadId: conversation,
          once,
        }),
      );

    it('they do not leave behind the person', async () => {
      await say('I am here');
      // One message at a time goes to one recipient; whoever stands behind what is held back is claimed next.
      expect([...(await claim()), ...(await claim())]).toEqual(['I am here']);
      expect(await cancelled()).toEqual(['PERSON_ANSWERED']);
    });

    it('they leave while nobody took over, and when the flow itself hands over', async () => {
      await execute(new HandToPeople(conversation, 'flow'));
      expect(await claim()).toEqual([expect.stringMatching(/^Welcome/)]);
      expect(await cancelled()).toEqual([]);
    });

    it("a rule's answer leaves all the same: that is an explicit order (S1.9)", async () => {
      await queueAutomatic('by a rule', `rule:${newId()}:wamid.1`);
      await say('I am here');
      expect([...(await claim()), ...(await claim())]).toEqual(['by a rule']);
      expect(await cancelled()).toEqual(['PERSON_ANSWERED']);
    });

    it('they do not come back when the silence is over, or is lifted', async () => {
      await say('I am here');
      await silentUntil(null);
      inbox.clock.advance(2 * HOUR);
      await claim();
      expect(await cancelled()).toEqual(['PERSON_ANSWERED']);
    });

    it('of two conversations that turn out to be one, too', async () => {
      await say('I am here');
      const other = await inbox.arrive(tenant, inbox.message({ userId: 'IN.1' }, 'hi'));
      await inbox.arrive(tenant, inbox.message({ waId: WA_ID, userId: 'IN.1' }, 'hello'));
      const rows = await inbox.sql<{ merged: string | null }>(
        tenant,
        'select merged_into_id as merged from thread where id = any($1::uuid[]) and merged_into_id is not null',
        [[conversation, other]],
      );
      expect(rows).toHaveLength(1);
      for (let round = 0; round < 4; round++) await claim();
      expect(await cancelled()).toEqual(['PERSON_ANSWERED', 'PERSON_ANSWERED']);
    });
  });
});
