/** Why a message is sent: decides its priority and what a lost answer means (reliability 2.5). */
export type MessageCategory =
  'automatic_answer' | 'agent_reply' | 'order_update' | 'payment_reminder' | 'campaign' | 'authentication';
