/** The kind of the lanes that tell merchants' systems what happened; a lane's key is its endpoint (C47). */
export const WEBHOOK_OUT = 'webhook-out';
