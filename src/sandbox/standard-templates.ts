import type { TemplateDefinition } from './template-definition.js';

const DUE_PARAMETERS = [
  { param_name: 'name', example: 'Asha' },
  { param_name: 'amount', example: '₹5,000.00' },
  { param_name: 'duedate', example: '25 Feb 2026' },
  { param_name: 'companyname', example: 'Sharma Traders' },
];

function dueReminder(name: string, text: string, replies: string[]): TemplateDefinition {
  return {
    name,
    language: 'en',
    category: 'UTILITY',
    parameter_format: 'NAMED',
    components: [
      { type: 'BODY', text, example: { body_text_named_params: DUE_PARAMETERS } },
      { type: 'FOOTER', text: 'Reply STOP to hear no more from us' },
      { type: 'BUTTONS', buttons: replies.map((reply) => ({ type: 'QUICK_REPLY', text: reply })) },
    ],
  };
}

function positional(name: string, category: string, components: TemplateDefinition['components']): TemplateDefinition {
  return { name, language: 'en', category, parameter_format: 'POSITIONAL', components };
}

const body = (text: string, ...examples: string[]) => ({
  type: 'BODY',
  text,
  ...(examples.length > 0 ? { example: { body_text: [examples] } } : {}),
});

/** Approved in every account from the start: the three due reminders (S0.52-54) and one of each header and button kind. */
export const STANDARD_TEMPLATES: readonly TemplateDefinition[] = [
  dueReminder(
    'interactive_before_due1',
    'Hello {{name}}, a gentle reminder: {{amount}} falls due on {{duedate}}. Thank you, {{companyname}}.',
    ['Pay today', 'Pay week', 'Pay soon', 'Need statement'],
  ),
  dueReminder(
    'interactive_due_today',
    'Hello {{name}}, {{amount}} is due today, {{duedate}}. Please let us know when you will pay. Thank you, {{companyname}}.',
    ['Pay today', 'Paid today', 'Pay week', 'Need statement'],
  ),
  dueReminder(
    'interactive_overdue',
    'Hello {{name}}, {{amount}} was due on {{duedate}} and is still open. Please settle it soon. Thank you, {{companyname}}.',
    ['Will pay today', 'Paid today', 'Pay week', 'Need statement'],
  ),
  {
    name: 'hello_world',
    language: 'en_US',
    category: 'UTILITY',
    parameter_format: 'POSITIONAL',
    components: [
      { type: 'HEADER', format: 'TEXT', text: 'Hello World' },
      body('Welcome and congratulations! This message shows that your number can send messages.'),
      { type: 'FOOTER', text: 'WhatsApp sandbox' },
    ],
  },
  positional('order_update', 'UTILITY', [
    { type: 'HEADER', format: 'TEXT', text: 'Order {{1}}', example: { header_text: ['1042'] } },
    body('Hello {{1}}, your order is {{2}} and arrives on {{3}}, as agreed.', 'Asha', 'packed', '25 Feb 2026'),
  ]),
  positional('invoice_document', 'UTILITY', [
    { type: 'HEADER', format: 'DOCUMENT', example: { header_handle: ['sample'] } },
    body('Hello {{1}}, please find invoice {{2}} attached to this message.', 'Asha', 'INV-7'),
  ]),
  positional('new_arrivals_image', 'MARKETING', [
    { type: 'HEADER', format: 'IMAGE', example: { header_handle: ['sample'] } },
    body('Hello {{1}}, have a look at what came in this week.', 'Asha'),
    {
      type: 'BUTTONS',
      buttons: [
        { type: 'QUICK_REPLY', text: 'Show me more' },
        { type: 'QUICK_REPLY', text: 'Stop promotions' },
      ],
    },
  ]),
  positional('how_to_video', 'MARKETING', [
    { type: 'HEADER', format: 'VIDEO', example: { header_handle: ['sample'] } },
    body('Two minutes that show how it works.'),
  ]),
  positional('shop_location', 'UTILITY', [
    { type: 'HEADER', format: 'LOCATION' },
    body('Your order {{1}} waits for you in our shop.', '1042'),
  ]),
  positional('payment_link', 'UTILITY', [
    body('Hello {{1}}, you can pay {{2}} through the link below.', 'Asha', '₹5,000.00'),
    {
      type: 'BUTTONS',
      buttons: [
        {
          type: 'URL',
          text: 'Pay now',
          url: 'https://pay.example.com/{{1}}',
          example: ['https://pay.example.com/abc'],
        },
        { type: 'PHONE_NUMBER', text: 'Call us', phone_number: '+15550000000' },
      ],
    },
  ]),
  positional('coupon_code', 'MARKETING', [
    body('Hello {{1}}, take ten percent off your next order.', 'Asha'),
    {
      type: 'BUTTONS',
      buttons: [
        { type: 'COPY_CODE', example: 'SAVE10' },
        { type: 'QUICK_REPLY', text: 'Stop promotions' },
      ],
    },
  ]),
  {
    name: 'sign_in_code',
    language: 'en',
    category: 'AUTHENTICATION',
    parameter_format: 'POSITIONAL',
    components: [body('{{1}} is your verification code.', '123456')],
  },
];
