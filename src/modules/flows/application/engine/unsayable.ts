import {
  ContentRefused,
  LinkNotPublic,
  MediaNotFound,
  MediaNotSendable,
  TemplateRefused,
} from '../../../messaging/index.js';
import { MissingVariables } from '../../domain/flow-errors.js';

const KINDS = [MissingVariables, ContentRefused, TemplateRefused, MediaNotFound, MediaNotSendable, LinkNotPublic];

/** Why a step cannot be said to somebody now: the fallback is said instead. */
export type Unsayable = InstanceType<(typeof KINDS)[number]>;

export function isUnsayable(error: unknown): error is Unsayable {
  return KINDS.some((kind) => error instanceof kind);
}
