import { UnknownWord } from './tenant-words.js';

/** The form in which an e-mail address is compared and kept: one mailbox, one spelling. */
export function emailAddress(text: string): string {
  const email = text.normalize('NFKC').trim().toLowerCase();
  if (email.length > 254 || !/^[^\s@<>(),;:"\\]{1,64}@[^\s@.]+(\.[^\s@.]+)+$/.test(email) || !email.isWellFormed())
    throw new UnknownWord('email', 'must be an e-mail address');
  return email;
}
