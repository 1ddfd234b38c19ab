import { IsUUID, ValidateIf } from 'class-validator';

export class ConversationNamed {
  @IsUUID('all')
  conversationId!: string;
}

export class ConversationShown {
  /** Null: none any more. */
  @ValidateIf((_, value) => value !== null)
  @IsUUID('all')
  conversationId!: string | null;
}
