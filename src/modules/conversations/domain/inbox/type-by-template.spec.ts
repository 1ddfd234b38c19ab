import fc from 'fast-check';
import { VILLA_RENTALS } from './inbox-presets.js';
import { type TypeRule, typeByTemplate } from './type-by-template.js';

describe('The first template says whose conversation it is (S1.89, C50)', () => {
  it.each([
    ['owners_template_2', 'owner'],
    ['new_OWNERS_TEMPLATE', 'owner'],
    ['Owner_welcome', 'owner'],
    ['first_template', 'guest'],
    ['homeowner', 'guest'],
  ])('by the preset, %s makes a conversation of an %s', (name, type) => {
    expect(typeByTemplate(VILLA_RENTALS.typeRules, name)).toBe(type);
  });

  it('says nothing while there are no rules', () => {
    expect(typeByTemplate([], 'owners_template')).toBeUndefined();
  });

  it('the first rule that fits counts, whatever case anything is in', () => {
    const rule = fc.record<TypeRule>({
      match: fc.constantFrom('contains', 'starts_with', 'equals'),
      pattern: fc.stringMatching(/^[a-z_]{1,3}$/),
      type: fc.constantFrom('owner', 'guest'),
    });
    const name = fc.stringMatching(/^[a-z_]{1,6}$/);
    fc.assert(
      fc.property(fc.array(rule, { minLength: 1, maxLength: 5 }), name, (rules, template) => {
        const [first, ...others] = rules;
        const alone = typeByTemplate([first!, { match: 'contains', pattern: '', type: 'guest' }], template);
        const fits = typeByTemplate([{ ...first!, type: 'owner' }], template) === 'owner';
        expect(typeByTemplate(rules, template.toUpperCase())).toBe(
          fits ? alone : others.length > 0 ? typeByTemplate(others, template) : 'guest',
        );
      }),
    );
  });
});
