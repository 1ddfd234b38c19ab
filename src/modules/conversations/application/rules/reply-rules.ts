/** "Whoever answers `reply` to template `templateName` is sent template `sendTemplate`" (S1.9, C50). */
export interface ReplyRule {
  readonly templateName: string;
  readonly reply: string;
  readonly sendTemplate: string;
  /** Null: the language of the template that was answered. */
  readonly sendLanguage: string | null;
  readonly enabled: boolean;
}

export interface ReplyRuleView extends ReplyRule {
  readonly id: string;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** A template that a customer answers. */
export interface AnsweredTemplate {
  readonly messageId: string;
  readonly wamid: string | null;
  readonly name: string;
  readonly language: string;
}

/** The tenant's rules, in the open transaction of either kind. */
export abstract class ReplyRules {
  /** By template and reply. */
  abstract list(): Promise<ReplyRuleView[]>;
  /** @throws ReplyRuleTaken */
  abstract add(rule: ReplyRule, at: Date): Promise<ReplyRuleView>;
  /** Changes what is given. @throws ReplyRuleNotFound, ReplyRuleTaken */
  abstract change(id: string, changes: Partial<ReplyRule>, at: Date): Promise<ReplyRuleView>;
  /** @throws ReplyRuleNotFound */
  abstract remove(id: string): Promise<void>;
  /**
   * The template that a message answers: the one that it names, or the last that was sent in the thread since `since`, unless something else
   * was sent after it.
   */
  abstract answered(
    threadId: string,
    contextWamid: string | undefined,
    since: Date,
  ): Promise<AnsweredTemplate | undefined>;
}
