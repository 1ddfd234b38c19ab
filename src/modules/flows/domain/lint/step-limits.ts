/** What WhatsApp shows of a step, in characters or items; messaging holds every message to the same when it leaves. */
export const STEP_LIMITS = {
  text: 4096,
  interactiveBody: 1024,
  caption: 1024,
  header: 60,
  footer: 60,
  listButton: 20,
  buttons: 3,
  rows: 10,
  templateButtons: 10,
  branchId: 200,
  /** Above `buttonTitle` the buttons are shown as a list (C16). */
  title: 24,
  buttonTitle: 20,
  description: 72,
  templateName: 512,
  templateVariable: 1024,
  templateHeader: 60,
  templateButtonValue: { url: 2000, copy_code: 15 },
  link: 2048,
  mediaId: 64,
} as const;

/** What a merchant's flow may hold. */
export const FLOW_LIMITS = {
  steps: 500,
  rules: 200,
  /** Of all rules together. */
  values: 1000,
  /** Of rules and questions; so many are tried within 10 ms a text (F57). */
  patterns: 200,
  restartWords: 20,
  /** As JSON in UTF-8, with what steps are described as: each change keeps the whole flow as a version. */
  bytes: 2_000_000,
} as const;
