import { type Preset, step } from './preset.js';

/** S2.103. The statement is of whoever writes, whatever number they name: nobody reads another's account by it. */
export const ACCOUNT_NUMBER: Preset = {
  name: 'account-number',
  description: 'Asks for the account number, lets the customer confirm it, and sends their own statement.',
  flow: {
    steps: [
      step('number_ask', 'Please write your account number (6 to 12 digits).', {
        collects: {
          as: 'accountNumber',
          pattern: '[0-9]{6,12}',
          nextTemplateKey: 'number_confirm',
          nextState: 'number_given',
          invalidTemplateKey: 'number_unclear',
        },
      }),
      step('number_unclear', 'An account number has 6 to 12 digits and nothing else. Please write it again.'),
      step('number_confirm', 'Is {{answers.accountNumber}} your account number?', {
        branches: [
          {
            id: 'btn_number_yes',
            title: 'Yes',
            nextTemplateKey: 'number_statement',
            nextState: 'number_confirmed',
          },
          { id: 'btn_number_no', title: 'No, change it', nextTemplateKey: 'number_ask' },
        ],
      }),
      step('number_statement', '{{customer.statement}}'),
      step('number_sorry', 'Sorry, I cannot help with that. Please write "account statement" to begin.'),
    ],
    rules: [
      {
        id: 'rule_number',
        match: { type: 'equals', values: ['account statement', 'my statement'] },
        action: { type: 'send_template', templateKey: 'number_ask' },
      },
    ],
    fallbackTemplateKey: 'number_sorry',
    restartWords: [],
  },
};
