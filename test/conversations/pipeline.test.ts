import { Injectable, Module } from '@nestjs/common';
import { DomainError } from '../../src/kernel/domain-error.js';
import type { TenantId } from '../../src/kernel/ids.js';
import {
  CurrentDue,
  HandlesIntent,
  InboundMiddleware,
  IntentHandler,
  type MessageContext,
  type Next,
  PipelineMiddleware,
  ProvidesCurrentDue,
} from '../../src/modules/conversations/index.js';
import { InboundPipeline } from '../../src/modules/conversations/application/pipeline/inbound-pipeline.js';
import type { MessageContent } from '../../src/modules/messaging/index.js';
import { UnitOfWork } from '../../src/platform/database/unit-of-work.js';
import { Inbox, tap } from './inbox.js';

const trace: string[] = [];

@Injectable()
@PipelineMiddleware({ order: 500 })
class Trace extends InboundMiddleware {
  async handle(context: MessageContext, next: Next): Promise<void> {
    trace.push(`in, session ${context.session.state}`);
    await next();
    trace.push(`out, ${context.outcome}`);
  }
}

class TooPrecise extends DomainError {
  readonly code = 'TOO_PRECISE';
  readonly kind = 'invalid';
}

class FarAway extends DomainError {
  readonly code = 'FAR_AWAY';
  readonly kind = 'unavailable';
}

/** Breaks in the ways that a module's handler may break. */
@Injectable()
@HandlesIntent({ name: 'test.break', tapsExpire: 'never' })
class Break extends IntentHandler {
  constructor(private readonly unitOfWork: UnitOfWork) {
    super();
  }

  recognizes({ message: { body } }: MessageContext): boolean {
    return body.type === 'text' && body.text.startsWith('break ');
  }

  async answer(context: MessageContext): Promise<void> {
    await context.reply({ type: 'text', body: 'an answer that must not leave' });
    context.session.remember('must not', 'stay');
    const { body } = context.message;
    switch (body.type === 'text' ? body.text : '') {
      case 'break bug':
        throw new TypeError('a bug');
      case 'break statement':
        await this.unitOfWork.sql.query('select 1 / 0');
        break;
      case 'break answer':
        throw new TooPrecise('no');
      case 'break far':
        throw new FarAway('no');
      case 'break deadlock':
        await this.unitOfWork.sql.query(`do $$ begin raise exception 'deadlock' using errcode = '40P01'; end $$`);
    }
  }
}

/** A tap that names its subject: it means the same at any time. */
@Injectable()
@HandlesIntent({ name: 'test.promise', tapsExpire: 'never', menuRow: { id: 'PROMISE:any', title: 'Promise' } })
class TakePromise extends IntentHandler {
  recognizes({ message: { body } }: MessageContext): boolean {
    return body.type === 'tap' && body.id.startsWith('PROMISE:');
  }

  async answer(context: MessageContext): Promise<void> {
    const { body } = context.message;
    await context.reply({
      type: 'text',
      body: `${(await context.contact()).name} promised ${body.type === 'tap' ? body.id.slice(8) : ''}`,
    });
  }
}

@Injectable()
@ProvidesCurrentDue()
class Dues extends CurrentDue {
  tell(contactId: string): Promise<MessageContent | undefined> {
    return Promise.resolve({ type: 'text', body: `You owe 5 to ${contactId.length}` });
  }
}

/** A module in a folder of its own, which conversations does not know. */
@Module({ providers: [Trace, Break, TakePromise, Dues] })
class PluggedIn {}

const ASHA = { waId: '919800000001', profileName: 'Asha' };

describe('The pipeline with a module plugged in', () => {
  let inbox: Inbox;
  let tenant: TenantId;

  beforeAll(async () => {
    inbox = await Inbox.open(PluggedIn);
  });
  afterAll(() => inbox.close());
  beforeEach(() => {
    tenant = inbox.newTenant();
    trace.length = 0;
  });

  it("lists its steps by number, the error handler last, and the module's own among them (S3.7, S3.8, C6)", () => {
    expect(inbox.get(InboundPipeline).listed).toEqual([
      { name: 'Logging', order: 50 },
      { name: 'RateLimit', order: 100 },
      { name: 'AnswerByRule', order: 150 },
      { name: 'GiveBackOnRestart', order: 190 },
      { name: 'StopWhenAPersonAnswers', order: 200 },
      { name: 'SessionKeeping', order: 300 },
      { name: 'Trace', order: 500 },
      { name: 'FlowEngine', order: 900 },
      { name: 'ConversationFlow', order: 1000 },
      { name: 'ErrorHandler', order: 9999 },
    ]);
  });

  it('runs them in that order, each around those behind it, and the error handler around all (S3.7, C6)', async () => {
    const pipeline = inbox.get(InboundPipeline);
    const steps: string[] = [];
    const spied = inbox.middlewares().map((middleware) => {
      const original = middleware.handle.bind(middleware);
      const { name } = middleware.constructor;
      return putBefore(middleware, (context, next) => {
        steps.push(name);
        return original(context, async () => {
          await next();
          steps.push(`/${name}`);
        });
      });
    });
    await inbox.arrive(tenant, inbox.message(ASHA, 'hi'));
    spied.forEach((restore) => restore());
    expect(pipeline.listed).toHaveLength(spied.length);
    expect(steps).toEqual([
      'ErrorHandler',
      'Logging',
      'RateLimit',
      'AnswerByRule',
      'GiveBackOnRestart',
      'StopWhenAPersonAnswers',
      'SessionKeeping',
      'Trace',
      'FlowEngine',
      'ConversationFlow',
      '/ConversationFlow',
      '/FlowEngine',
      '/Trace',
      '/SessionKeeping',
      '/StopWhenAPersonAnswers',
      '/GiveBackOnRestart',
      '/AnswerByRule',
      '/RateLimit',
      '/Logging',
      '/ErrorHandler',
    ]);
    expect(trace).toEqual(['in, session MAIN_MENU', 'out, conversations.greeting']);
  });

  it("puts the module's row into the menu, answers its taps at any time, and asks its provider of dues (S0.68, C5, C21)", async () => {
    await inbox.arrive(tenant, inbox.message(ASHA, 'hi'));
    const [menu] = await inbox.answers(tenant);
    expect(menu!.content).toMatchObject({ sections: [{ rows: [{ id: 'PROMISE:any' }, { id: 'CHECK_CURRENT_DUE' }] }] });
    await inbox.arrive(tenant, inbox.message(ASHA, '', tap('CHECK_CURRENT_DUE', 'wamid.menu')));
    inbox.clock.advance(3_600_000);
    await inbox.arrive(tenant, inbox.message(ASHA, '', tap('PROMISE:due-1', 'wamid.reminder')));
    expect((await inbox.texts(tenant)).slice(1)).toEqual(['You owe 5 to 36', 'Asha promised due-1']);
  });

  it.each([
    ['a bug', 'break bug', 'Sorry, something went wrong on our side.'],
    ['a failed statement', 'break statement', 'Sorry, something went wrong on our side.'],
    ['an answer that a rule refuses', 'break answer', 'Sorry, I could not use that answer.'],
  ])('costs the customer an answer, never the message: %s (S3.13, S3.50)', async (_, text, apology) => {
    for (const arrive of ['arrive', 'arriveInCommand'] as const) {
      const each = inbox.newTenant();
      await inbox[arrive](each, inbox.message(ASHA, text));
      expect(await inbox.texts(each)).toEqual([expect.stringContaining(apology)]);
      expect(await inbox.sql(each, `select count(*)::int as n from message where direction = 'INBOUND'`)).toEqual([
        { n: 1 },
      ]);
      expect(await inbox.sql(each, 'select count(*)::int as n from session')).toEqual([{ n: 0 }]);
      expect(await inbox.sql(each, 'select unread_count, last_message_preview from thread')).toEqual([
        { unread_count: 1, last_message_preview: expect.stringContaining(apology) as string },
      ]);
    }
  });

  it.each([
    ['a service that cannot be reached', 'break far'],
    ['a deadlock', 'break deadlock'],
  ])('leaves it to the lane to try again, with nothing done: %s (S3.50)', async (_, text) => {
    await expect(inbox.arrive(tenant, inbox.message(ASHA, text))).rejects.toThrow();
    expect(await inbox.sql(tenant, 'select id from message')).toEqual([]);
  });
});

/** Puts `handle` before a middleware's own. @returns what takes it away again */
function putBefore(middleware: InboundMiddleware, handle: InboundMiddleware['handle']): () => void {
  middleware.handle = handle;
  return () => Reflect.deleteProperty(middleware, 'handle');
}
