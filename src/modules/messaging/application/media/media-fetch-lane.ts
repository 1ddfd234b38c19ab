/** The lane in which a number's files from customers are fetched; its key is the number. */
export const MEDIA_FETCH = 'media-fetch';
