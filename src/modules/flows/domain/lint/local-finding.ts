import { RegexRefused } from '../flow-errors.js';
import { patternOf } from '../patterns.js';
import type { FindingCode, Severity } from './finding.js';
import { isBlank, leastLength } from './texts.js';

/** A finding, before it is said of which step or rule. */
export interface LocalFinding {
  readonly severity: Severity;
  readonly code: FindingCode;
  readonly field: string;
  readonly message: string;
}

export type LocalFindings = Generator<LocalFinding, void, undefined>;

export function error(code: FindingCode, field: string, message: string): LocalFinding {
  return { severity: 'error', code, field, message };
}

export function warning(code: FindingCode, field: string, message: string): LocalFinding {
  return { severity: 'warning', code, field, message };
}

export function info(code: FindingCode, field: string, message: string): LocalFinding {
  return { severity: 'info', code, field, message };
}

export function* checkText(field: string, text: string, most: number): LocalFindings {
  if (isBlank(text)) yield error('TEXT_MISSING', field, `${field} must say something.`);
  else if (leastLength(text) > most) yield error('TEXT_TOO_LONG', field, `${field} has more than ${most} characters.`);
}

export function* checkPattern(field: string, pattern: string): LocalFindings {
  try {
    patternOf(pattern);
  } catch (refused) {
    if (!(refused instanceof RegexRefused)) throw refused;
    yield error('REGEX_REFUSED', field, refused.message);
  }
}
