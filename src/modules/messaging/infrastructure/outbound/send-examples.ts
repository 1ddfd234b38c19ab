/** The three forms of `POST /v1/messages`, as the documents show them (S2.49, S2.87). */
export const SEND_EXAMPLES = {
  text: {
    summary: 'free text, to who has written within 24 hours',
    value: { to: '+919876543210', text: 'Your parcel is on its way.', idempotencyKey: 'parcel-1042-shipped' },
  },
  templateKey: {
    summary: "a step of the merchant's flow, tomorrow morning",
    value: {
      to: '+919876543210',
      templateKey: 'tmpl_ab12cd34',
      variables: { orderNumber: '1042' },
      scheduleAt: '2026-11-22T04:30:00Z',
      idempotencyKey: 'feedback-1042',
    },
  },
  whatsappTemplate: {
    summary: 'a template that Meta has approved, to anybody',
    value: {
      to: '+919876543210',
      whatsappTemplate: {
        name: 'interactive_due_today',
        language: 'en',
        body: { name: 'Asha', amount: '5,000', duedate: '22 Nov 2026', companyname: 'Shop' },
      },
      priority: 'bulk',
      idempotencyKey: 'november-17',
    },
  },
};
