import type { AttemptName, AttemptReferences } from '../../domain/attempt-reference.js';
import type { StatusEntry } from '../../domain/message-status.js';
import type { SendFailure } from '../../domain/outbound-message.js';
import { classOf } from '../meta/meta-errors.js';
import { isObject, listIn, objectIn, textIn } from './webhook-json.js';

/** A status as Meta's webhook carried it. */
export interface StatusReport {
  readonly wamid: string;
  /** The attempt that its opaque reference names, when that is ours. */
  readonly attempt?: AttemptName;
  readonly entry: StatusEntry;
}

/** @param at the time of the status, or of its arrival when it has none */
export function statusReportOf(payload: unknown, at: Date, references: AttemptReferences): StatusReport {
  const status = objectIn(objectIn(payload)['status']);
  const reference = textIn(status['biz_opaque_callback_data']);
  const attempt = reference === undefined ? undefined : references.read(reference);
  const errors = listIn(status['errors']);
  return {
    wamid: textIn(status['id']) ?? '',
    ...(attempt && { attempt }),
    entry: {
      status: textIn(status['status']) ?? 'unknown',
      at: at.toISOString(),
      ...(errors.length > 0 && { errors }),
      ...(isObject(status['pricing']) && { pricing: status['pricing'] }),
      ...(isObject(status['conversation']) && { conversation: status['conversation'] }),
    },
  };
}

/** The first error of a failed status: Meta tells it once and never again. */
export function failureOf(errors: readonly unknown[]): SendFailure {
  const error = objectIn(errors[0]);
  const code = typeof error['code'] === 'number' ? error['code'] : (textIn(error['code']) ?? 'UNNAMED');
  const kind = typeof code === 'number' ? classOf(code)?.kind : undefined;
  const detail = textIn(objectIn(error['error_data'])['details']);
  return {
    code,
    class: kind === 'soft-unknown' ? 'soft_unknown' : (kind ?? 'refused'),
    title: textIn(error['title']) ?? textIn(error['message']) ?? 'Not delivered',
    ...(detail !== undefined && { detail }),
  };
}
