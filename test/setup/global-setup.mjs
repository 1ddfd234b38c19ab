// Jest asks for a default export, and takes only this kind of file without translating it first.
export { setUp as default } from './test-run.ts';
