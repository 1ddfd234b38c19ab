import fc from 'fast-check';
import { ContentRefused } from '../../../messaging/index.js';
import type { FlowStep } from '../../domain/flow-step.js';
import { STEP_KINDS } from '../../domain/flow-step.js';
import { checkStep } from '../../domain/lint/check-step.js';
import { variablesOf } from '../../domain/variables.js';
import { render } from '../engine/render.js';

const long = (most: number) =>
  fc.oneof(
    fc.string({ maxLength: 8 }),
    fc.integer({ min: 0, max: most + 3 }).map((length) => 'x'.repeat(length)),
  );
const maybe = <T>(some: fc.Arbitrary<T>) => fc.option(some, { nil: undefined });

const variables = maybe(
  fc.dictionary(fc.constantFrom('1', '2', '3', 'name', 'Not'), fc.oneof(long(20), fc.constant('a\nb')), { maxKeys: 2 }),
);
const anyTemplate = fc.record({
  name: fc.oneof(fc.constant('due_today'), long(10)),
  language: fc.constantFrom('en', 'en_US', 'EN', ''),
  variables,
  headerVariables: variables,
  buttons: maybe(
    fc.array(
      fc.record({
        index: fc.integer({ min: 0, max: 10 }),
        kind: fc.constantFrom('url', 'copy_code'),
        value: fc.oneof(long(15), long(2000)),
      }),
      { maxLength: 2 },
    ),
  ),
});
const anyStep: fc.Arbitrary<FlowStep> = fc
  .record({
    kind: fc.constantFrom(...STEP_KINDS),
    body: fc.oneof(long(1024), long(4096), fc.constant('Hello {{customer.name}}')),
    header: maybe(long(60)),
    footer: maybe(long(60)),
    listButton: maybe(long(20)),
    branches: fc.array(
      fc.record({
        id: fc.oneof(long(200), fc.uuid()),
        title: fc.oneof(
          long(24),
          fc.uuid().map((id) => id.slice(0, 20)),
        ),
        description: maybe(long(72)),
        index: maybe(fc.integer({ min: 0, max: 10 })),
      }),
      { maxLength: 12 },
    ),
    media: maybe(
      fc.record({
        kind: fc.constantFrom('image', 'video', 'audio', 'document'),
        mediaId: maybe(long(64)),
        link: maybe(fc.oneof(fc.webUrl(), long(20))),
      }),
    ),
    whatsappTemplate: maybe(anyTemplate),
    translations: fc.dictionary(
      fc.constantFrom('hi', 'el'),
      fc.record({
        body: maybe(long(1024)),
        header: maybe(long(60)),
        descriptions: maybe(fc.dictionary(fc.string({ maxLength: 8 }), long(72), { maxKeys: 2 })),
        whatsappTemplate: maybe(anyTemplate),
      }),
    ),
  })
  .map(
    (made) =>
      JSON.parse(JSON.stringify({ ...made, key: 'step', language: 'en', handsOff: false, isActive: true })) as FlowStep,
  );

describe('A step that is found to be sound', () => {
  it('can be sent, in each of its languages, when its variables are short: WhatsApp refuses nothing of it (C16, D16)', () => {
    let sound = 0;
    fc.assert(
      fc.property(anyStep, (step) => {
        if (checkStep(step).some(({ severity }) => severity === 'error')) return true;
        sound++;
        const values = new Map(variablesOf(step).map((name) => [name, 'x']));
        for (const language of [undefined, ...Object.keys(step.translations)]) render(step, language, values);
        return true;
      }),
      { numRuns: 1000 },
    );
    expect(sound).toBeGreaterThan(50);
  });

  it('and one that cannot be sent is found not to be', () => {
    let unsound = 0;
    fc.assert(
      fc.property(anyStep, (step) => {
        if (step.kind === 'media' && !step.media) return true;
        if (step.kind === 'whatsapp_template' && !step.whatsappTemplate) return true;
        try {
          render(step, undefined, new Map([['customer.name', 'x']]));
          return true;
        } catch (error) {
          if (!(error instanceof ContentRefused)) throw error;
          unsound++;
          return checkStep(step).some(({ severity }) => severity === 'error');
        }
      }),
      { numRuns: 500 },
    );
    expect(unsound).toBeGreaterThan(50);
  });
});
