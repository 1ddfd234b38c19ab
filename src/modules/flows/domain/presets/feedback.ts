import { type Preset, step } from './preset.js';

/** S2.101 */
export const FEEDBACK: Preset = {
  name: 'feedback',
  description: 'Asks how it was, with an answer of its own to Good, OK and Bad; after Bad a person goes on.',
  flow: {
    steps: [
      step('feedback_ask', 'How was your experience with {{merchant.name}}?', {
        branches: [
          {
            id: 'btn_feedback_good',
            title: 'Good',
            nextTemplateKey: 'feedback_good',
            nextState: 'feedback_good',
          },
          { id: 'btn_feedback_ok', title: 'OK', nextTemplateKey: 'feedback_ok', nextState: 'feedback_ok' },
          { id: 'btn_feedback_bad', title: 'Bad', nextTemplateKey: 'feedback_bad', nextState: 'feedback_bad' },
        ],
      }),
      step('feedback_good', 'Wonderful, thank you! We are glad to have you with us.'),
      step('feedback_ok', 'Thank you. What could we do better? Please write it in a few words.', {
        collects: { as: 'improvement', nextTemplateKey: 'feedback_noted' },
      }),
      step('feedback_noted', 'Thank you, we have noted: {{answers.improvement}}'),
      step('feedback_bad', 'We are sorry to hear that. Somebody from {{merchant.name}} will write to you here.', {
        handsOff: true,
      }),
    ],
    rules: [
      {
        id: 'rule_feedback',
        match: { type: 'contains', values: ['feedback'] },
        action: { type: 'send_template', templateKey: 'feedback_ask' },
      },
    ],
    restartWords: [],
  },
};
