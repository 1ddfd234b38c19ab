import { type Preset, step } from './preset.js';

/** As customers write days: `2026-11-30`, `30/11/2026`, `30-11-2026`, `30.11.2026`. */
const DAY = '[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{1,2}[./-][0-9]{1,2}[./-][0-9]{4}';
const BACK = { id: 'btn_account_back', title: 'Menu', nextTemplateKey: 'account_menu' };

/** S2.102 */
export const ACCOUNT_MENU: Preset = {
  name: 'account-menu',
  description: 'A menu with the balance, and statements of a month or of the days that the customer names.',
  flow: {
    steps: [
      step('account_menu', 'Welcome to {{merchant.name}}. What would you like to see?', {
        branches: [
          { id: 'btn_account_balance', title: 'Balance', nextTemplateKey: 'account_balance' },
          { id: 'btn_account_statement', title: 'Statement', nextTemplateKey: 'account_period' },
        ],
      }),
      step('account_balance', 'Your balance is {{customer.balance}}.', {
        branches: [{ id: 'btn_account_lines', title: 'Statement', nextTemplateKey: 'account_period' }, BACK],
      }),
      step('account_period', 'Which days should the statement cover?', {
        kind: 'interactive_list',
        listButton: 'Choose days',
        branches: [
          { id: 'btn_account_this_month', title: 'This month', nextTemplateKey: 'account_this_month' },
          { id: 'btn_account_last_month', title: 'Last month', nextTemplateKey: 'account_last_month' },
          {
            id: 'btn_account_range',
            title: 'Date range',
            description: 'From one day to another',
            nextTemplateKey: 'account_from',
          },
        ],
      }),
      step('account_this_month', '{{statement.thisMonth}}'),
      step('account_last_month', '{{statement.lastMonth}}'),
      step('account_from', 'From which day? Please write it like 30/11/2026.', {
        collects: {
          as: 'from',
          pattern: DAY,
          nextTemplateKey: 'account_to',
          invalidTemplateKey: 'account_day_unclear',
        },
      }),
      step('account_to', 'Until which day?', {
        collects: {
          as: 'to',
          pattern: DAY,
          nextTemplateKey: 'account_range',
          invalidTemplateKey: 'account_day_unclear',
        },
      }),
      step('account_day_unclear', 'That is no day that I understand. Please write it like 30/11/2026.'),
      step('account_range', '{{statement.answered}}'),
      step('account_sorry', 'Sorry, I cannot help with that. Please write "menu" to see what I can do.'),
    ],
    rules: [
      {
        id: 'rule_account_menu',
        match: { type: 'equals', values: ['menu', 'account', 'main menu'] },
        action: { type: 'send_template', templateKey: 'account_menu' },
      },
    ],
    fallbackTemplateKey: 'account_sorry',
    restartWords: [],
  },
};
