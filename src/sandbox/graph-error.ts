/**
 * Meta's error codes that the sandbox answers: HTTP status and title.
 * Source: Meta, "Error codes" (WhatsApp Business Platform, Support), December 2025.
 */
const CODES: Readonly<Record<number, { status: number; title: string }>> = {
  0: { status: 401, title: 'AuthException' },
  1: { status: 400, title: 'An unknown error occurred' },
  2: { status: 503, title: 'Service temporarily unavailable' },
  3: { status: 500, title: 'API Method' },
  4: { status: 400, title: 'Application request limit reached' },
  10: { status: 403, title: 'Application does not have permission for this action' },
  33: { status: 400, title: 'Parameter value is not valid' },
  100: { status: 400, title: 'Invalid parameter' },
  190: { status: 401, title: 'Access token has expired' },
  200: { status: 403, title: 'API Permission' },
  368: { status: 403, title: 'Temporarily blocked for policies violations' },
  80007: { status: 400, title: 'Rate limit issues' },
  130429: { status: 400, title: 'Rate limit hit' },
  130472: { status: 400, title: "User's number is part of an experiment" },
  130497: { status: 403, title: 'Business account is restricted from messaging users in this country' },
  131000: { status: 500, title: 'Something went wrong' },
  131005: { status: 403, title: 'Access denied' },
  131008: { status: 400, title: 'Required parameter is missing' },
  131009: { status: 400, title: 'Parameter value is not valid' },
  131016: { status: 500, title: 'Service unavailable' },
  131021: { status: 400, title: 'Recipient cannot be sender' },
  131026: { status: 400, title: 'Message undeliverable' },
  131031: { status: 403, title: 'Account has been locked' },
  131037: { status: 400, title: 'WhatsApp provided number needs display name approval before message can be sent' },
  131042: { status: 400, title: 'Business eligibility payment issue' },
  131045: { status: 500, title: 'Incorrect certificate' },
  131047: { status: 400, title: 'Re-engagement message' },
  131048: { status: 400, title: 'Spam rate limit hit' },
  131049: { status: 400, title: 'This message was not delivered to maintain healthy ecosystem engagement.' },
  131050: { status: 400, title: 'User has stopped marketing messages from your business' },
  131051: { status: 400, title: 'Unsupported message type' },
  131052: { status: 400, title: 'Media download error' },
  131053: { status: 400, title: 'Media upload error' },
  131056: { status: 400, title: '(Business Account, Consumer Account) pair rate limit hit' },
  131057: { status: 500, title: 'Account in maintenance mode' },
  131062: { status: 400, title: 'Business-scoped User ID recipients are not supported for this message' },
  132000: { status: 400, title: 'Number of parameters does not match the expected number of params' },
  132001: { status: 404, title: 'Template name does not exist in the translation' },
  132005: { status: 400, title: 'Translated text too long' },
  132007: { status: 400, title: 'Template format character policy violated' },
  132012: { status: 400, title: 'Parameter format does not match format in the created template' },
  132015: { status: 400, title: 'Template is paused' },
  132016: { status: 400, title: 'Template is disabled' },
  132018: { status: 400, title: "There's an issue with the parameters in your template" },
  133005: { status: 400, title: 'Two step verification PIN mismatch' },
  133010: { status: 400, title: 'Phone number not registered' },
  133016: { status: 400, title: 'Account register/deregister rate limit exceeded' },
  135000: { status: 400, title: 'Generic user error' },
};

/** The error envelope of the Graph API. `error_subcode` only where Meta still gives one. */
export interface GraphErrorBody {
  error: {
    message: string;
    type: string;
    code: number;
    error_data?: { messaging_product: 'whatsapp'; details: string };
    error_subcode?: number;
    error_user_title?: string;
    error_user_msg?: string;
    fbtrace_id: string;
  };
}

/** The item of `errors[]` in a `failed` status. */
export interface StatusError {
  code: number;
  title: string;
  message: string;
  error_data: { details: string };
  href: string;
}

/** A refusal in Meta's words. `code` decides; the HTTP status and the title follow from Meta's table. */
export class GraphError extends Error {
  constructor(
    readonly code: number,
    readonly details: string,
    readonly options: { subcode?: number; status?: number; title?: string; type?: string } = {},
  ) {
    super(`(#${code}) ${options.title ?? CODES[code]?.title ?? 'Unknown error'}`);
  }

  static missing(path: string): GraphError {
    return new GraphError(131008, `Parameter '${path}' is required.`);
  }

  static invalid(path: string, why: string): GraphError {
    return new GraphError(131009, `Parameter '${path}' ${why}.`);
  }

  /** A path id that is no node of the asked kind, or one that the token may not see: Meta does not tell which. */
  static unknownObject(id: string, method: string): GraphError {
    const title = `Unsupported ${method.toLowerCase()} request. Object with ID '${id}' does not exist, cannot be loaded due to missing permissions, or does not support this operation.`;
    return new GraphError(100, title, { subcode: 33, title, type: 'GraphMethodException' });
  }

  static badToken(title: string, subcode?: number): GraphError {
    return new GraphError(190, title, { title, ...(subcode === undefined ? {} : { subcode }) });
  }

  get status(): number {
    return this.options.status ?? CODES[this.code]?.status ?? 400;
  }

  /** The title without the code, as the webhook's `errors[]` carry it. */
  get title(): string {
    return this.options.title ?? CODES[this.code]?.title ?? 'Unknown error';
  }

  body(fbtraceId: string): GraphErrorBody {
    return {
      error: {
        message: this.message,
        type: this.options.type ?? 'OAuthException',
        code: this.code,
        error_data: { messaging_product: 'whatsapp', details: this.details },
        ...(this.options.subcode === undefined ? {} : { error_subcode: this.options.subcode }),
        fbtrace_id: fbtraceId,
      },
    };
  }

  statusError(): StatusError {
    return {
      code: this.code,
      title: this.title,
      message: this.title,
      error_data: { details: this.details },
      href: 'https://developers.facebook.com/documentation/business-messaging/whatsapp/support/error-codes',
    };
  }
}
