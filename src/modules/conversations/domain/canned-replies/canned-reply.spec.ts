import fc from 'fast-check';
import { checkVariables, renderReply, REPLY_VARIABLES, UnknownReplyVariable } from './canned-reply.js';

const NOTHING = Object.fromEntries(REPLY_VARIABLES.map((name) => [name, null])) as Record<
  (typeof REPLY_VARIABLES)[number],
  string | null
>;

describe('A canned reply', () => {
  it('names customers, agents and merchants by variables', () => {
    const body = 'Hello {{contact.name}}, {{ agent.name }} of {{merchant.name}} here: {{reference}}';
    expect(() => checkVariables(body)).not.toThrow();
    expect(
      renderReply(body, { ...NOTHING, 'contact.name': 'Asha', 'agent.name': 'Ravi', 'merchant.name': 'Shop' }),
    ).toEqual({ text: 'Hello Asha, Ravi of Shop here: ', missing: ['reference'] });
  });

  it('is refused when it names what nobody knows', () => {
    expect(() => checkVariables('{{contact.salary}} {{}}')).toThrow(UnknownReplyVariable);
    expect(() => checkVariables('braces {alone} are text')).not.toThrow();
  });

  it('shows values as they are, also those that look like variables or patterns', () => {
    fc.assert(
      fc.property(fc.string(), (value) => {
        const { text } = renderReply('<{{contact.name}}>', { ...NOTHING, 'contact.name': value });
        expect(text).toBe(`<${value}>`);
      }),
    );
    expect(renderReply('{{contact.name}}', { ...NOTHING, 'contact.name': '{{agent.name}} $1' }).text).toBe(
      '{{agent.name}} $1',
    );
  });
});
