import type { OpenAPIObject } from '@nestjs/swagger';

/** What Meta sends of one number, as its documentation has it. */
const webhook = (message: object): object => ({
  object: 'whatsapp_business_account',
  entry: [
    {
      id: '102290129340398',
      changes: [
        {
          field: 'messages',
          value: {
            messaging_product: 'whatsapp',
            metadata: { display_phone_number: '15550783881', phone_number_id: '106540352242922' },
            contacts: [{ profile: { name: 'Asha' }, wa_id: '919876543210' }],
            messages: [{ from: '919876543210', timestamp: '1763715600', ...message }],
          },
        },
      ],
    },
  ],
});

const TEXT = webhook({
  id: 'wamid.HBgMOTE5ODc2NTQzMjEwFQIAEhgUM0E5QzYyRjhBM0Y0RkI5Q0E1RkIA',
  type: 'text',
  text: { body: 'hi' },
});
const BUTTON_REPLY = webhook({
  id: 'wamid.HBgMOTE5ODc2NTQzMjEwFQIAEhgUM0E5QzYyRjhBM0Y0RkI5Q0E1RkMA',
  context: { from: '15550783881', id: 'wamid.HBgMOTE5ODc2NTQzMjEwFQIAERgSQjQ4RjY5RjQ2RjREQTYA' },
  type: 'interactive',
  interactive: { type: 'button_reply', button_reply: { id: 'btn_ab12cd34', title: 'Good' } },
});
const STATUS = {
  object: 'whatsapp_business_account',
  entry: [
    {
      id: '102290129340398',
      changes: [
        {
          field: 'messages',
          value: {
            messaging_product: 'whatsapp',
            metadata: { display_phone_number: '15550783881', phone_number_id: '106540352242922' },
            statuses: [
              {
                id: 'wamid.HBgMOTE5ODc2NTQzMjEwFQIAERgSQjQ4RjY5RjQ2RjREQTYA',
                status: 'delivered',
                timestamp: '1763715601',
                recipient_id: '919876543210',
              },
            ],
          },
        },
      ],
    },
  ],
};

const query = (name: string, example: string): object => ({
  name,
  in: 'query',
  required: true,
  schema: { type: 'string' },
  example,
});

/** The door that Meta knocks at (S2.87): bare routes, which no controller describes. */
export const WEBHOOK_ROUTES = {
  '/whatsapp/webhook': {
    get: {
      operationId: 'webhook.verify',
      summary: "Meta's question whether the address is ours",
      tags: ['Webhook'],
      parameters: [
        query('hub.mode', 'subscribe'),
        query('hub.verify_token', '{{verifyToken}}'),
        query('hub.challenge', '1158201444'),
      ],
      responses: {
        200: {
          description: 'The challenge, as plain text.',
          content: { 'text/plain': { schema: { type: 'string' } } },
        },
        403: { description: 'The token is another one.' },
      },
    },
    post: {
      operationId: 'webhook.receive',
      summary: 'What Meta tells: messages, statuses and the rest',
      description: 'Stored before it is answered, and processed afterwards. The signature is over the exact bytes.',
      tags: ['Webhook'],
      parameters: [
        {
          name: 'X-Hub-Signature-256',
          in: 'header',
          required: true,
          description: '`sha256=` and the HMAC-SHA256 of the body with the secret of the Meta app, in hex.',
          schema: { type: 'string', pattern: '^sha256=[0-9a-f]{64}$' },
        },
      ],
      requestBody: {
        required: true,
        content: {
          'application/json': {
            schema: { type: 'object', additionalProperties: true },
            examples: {
              text: { summary: 'a text', value: TEXT },
              button_reply: { summary: 'the tap of a button', value: BUTTON_REPLY },
              status: { summary: 'a status of a message of ours', value: STATUS },
            },
          },
        },
      },
      responses: {
        200: { description: 'It is safe here.' },
        401: { description: 'The signature is missing or wrong.' },
        413: { description: 'It is too large.' },
        503: { description: 'It could not be stored; Meta brings it again.' },
      },
    },
  },
} as OpenAPIObject['paths'];
