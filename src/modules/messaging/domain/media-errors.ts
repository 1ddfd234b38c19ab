import { DomainError } from '../../../kernel/domain-error.js';

export class MediaNotFound extends DomainError {
  readonly code = 'MEDIA_NOT_FOUND';
  readonly kind = 'not-found';
  constructor() {
    super('There is no such file.');
  }
}

export class MediaTypeRefused extends DomainError {
  readonly code = 'MEDIA_TYPE_REFUSED';
  readonly kind = 'unsupported';
  /** @param why a sentence for people */
  constructor(why: string) {
    super(why);
  }
}

export class MediaTooLarge extends DomainError {
  readonly code = 'MEDIA_TOO_LARGE';
  readonly kind = 'too-large';
  override readonly extensions: { readonly limit: number };
  constructor(limit: number, what = 'The file') {
    super(`${what} has more than ${limit} bytes.`);
    this.extensions = { limit };
  }
}

/** A form that cannot be read: no file in it, broken off, or an unknown `kind`. */
export class UploadUnreadable extends DomainError {
  readonly code = 'UPLOAD_UNREADABLE';
  readonly kind = 'invalid';
}

/** The file is not here, or is nothing that WhatsApp takes as that kind. */
export class MediaNotSendable extends DomainError {
  readonly code = 'MEDIA_NOT_SENDABLE';
  readonly kind = 'meaning';
}

/** The provider fetches from public addresses alone, and nobody learns through it what stands behind others. */
export class LinkNotPublic extends DomainError {
  readonly code = 'LINK_NOT_PUBLIC';
  readonly kind = 'meaning';
  constructor() {
    super('The link must lead to a public address, without a user name or password in it.');
  }
}

/** Only what was given up can be tried again. */
export class MediaNotFailed extends DomainError {
  readonly code = 'MEDIA_NOT_FAILED';
  readonly kind = 'conflict';
  override readonly extensions: { readonly state: string };
  constructor(state: string) {
    super(`The file is ${state}.`);
    this.extensions = { state };
  }
}
