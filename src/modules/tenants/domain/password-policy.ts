import { DomainError } from '../../../kernel/domain-error.js';

export class PasswordRefused extends DomainError {
  readonly code = 'PASSWORD_REFUSED';
  readonly kind = 'meaning';
}

const SHORTEST = 10;
/** Longer ones cost time to hash and add nothing. */
const LONGEST = 200;
const FEWEST_DIFFERENT = 4;

/** Length, not composition rules (NIST 800-63B); nothing that its owner's name gives away. @throws PasswordRefused */
export function checkPassword(password: string, owner: { email: string; name: string }): void {
  const characters = [...password];
  if (characters.length < SHORTEST) throw new PasswordRefused(`A password has at least ${SHORTEST} characters.`);
  if (characters.length > LONGEST) throw new PasswordRefused(`A password has at most ${LONGEST} characters.`);
  if (new Set(characters).size < FEWEST_DIFFERENT)
    throw new PasswordRefused('A password is more than a few characters repeated.');
  const told = password.toLowerCase();
  if ([owner.email, owner.email.split('@')[0], owner.name.toLowerCase()].includes(told))
    throw new PasswordRefused('A password is not the name or the e-mail address of its owner.');
}
