import { hkdfSync } from 'node:crypto';
import { AttemptReferences } from '../../domain/attempt-reference.js';
import type { Config } from '../../../../platform/config/config.js';

/** A key of its own from the secret that the operator gave, so that no two uses of the secret share one (ASVS 11.2.2). */
export function attemptReferences(config: Config): AttemptReferences {
  return new AttemptReferences(
    new Uint8Array(hkdfSync('sha256', config.JWT_SECRET, '', 'nodue send attempt reference', 32)),
  );
}
