import type { Expectation, TranscriptLine } from './transcript.js';

/** Whether the last line that a message led to is what was expected. */
export function check(
  { stepKey, text, state }: Expectation,
  line: TranscriptLine,
): { readonly passed: boolean; readonly found: Expectation } {
  const isSaid = line.kind !== 'nothing';
  const found = { stepKey: isSaid ? line.stepKey : null, text: line.text ?? '', state: line.state };
  const passed =
    (stepKey === undefined || stepKey === found.stepKey) &&
    (text === undefined || found.text.includes(text)) &&
    (state === undefined || state === found.state);
  return { passed, found };
}
