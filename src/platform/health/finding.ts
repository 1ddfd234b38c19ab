/** One line of the doctor's: `fail` ends it with exit code 1. */
export interface Finding {
  readonly level: 'ok' | 'warn' | 'fail';
  readonly about: string;
  readonly says: string;
}
