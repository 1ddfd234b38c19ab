/** The kind of the outbound lanes, and the name of the queue that carries their wake-ups (C47); a lane's key is its phone_number_id. */
export const SEND_QUEUE = 'whatsapp-send-queue';
