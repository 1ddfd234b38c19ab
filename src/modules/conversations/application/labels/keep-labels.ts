import { Command, CommandHandler, type ICommandHandler, type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { Labels, type LabelView } from './labels.js';

/** All of them, by name. */
export class ListLabels extends Query<readonly LabelView[]> {}

/** @throws LabelNameTaken */
export class AddLabel extends Command<LabelView> {
  constructor(
    readonly name: string,
    readonly color: string,
  ) {
    super();
  }
}

/** @throws LabelNotFound, LabelNameTaken */
export class ChangeLabel extends Command<LabelView> {
  constructor(
    readonly id: string,
    readonly change: { readonly name?: string | undefined; readonly color?: string | undefined },
  ) {
    super();
  }
}

/** Takes it from its conversations, too. @throws LabelNotFound */
export class RemoveLabel extends Command<void> {
  constructor(readonly id: string) {
    super();
  }
}

@QueryHandler(ListLabels)
export class ListLabelsHandler implements IQueryHandler<ListLabels> {
  constructor(private readonly labels: Labels) {}

  execute(): Promise<readonly LabelView[]> {
    return this.labels.all();
  }
}

@CommandHandler(AddLabel)
export class AddLabelHandler implements ICommandHandler<AddLabel> {
  constructor(private readonly labels: Labels) {}

  execute({ name, color }: AddLabel): Promise<LabelView> {
    return this.labels.add(name, color);
  }
}

@CommandHandler(ChangeLabel)
export class ChangeLabelHandler implements ICommandHandler<ChangeLabel> {
  constructor(private readonly labels: Labels) {}

  execute({ id, change }: ChangeLabel): Promise<LabelView> {
    return this.labels.change(id, change);
  }
}

@CommandHandler(RemoveLabel)
export class RemoveLabelHandler implements ICommandHandler<RemoveLabel> {
  constructor(private readonly labels: Labels) {}

  execute({ id }: RemoveLabel): Promise<void> {
    return this.labels.remove(id);
  }
}
