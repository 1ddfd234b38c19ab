/** After so long without a message the session is forgotten (C5, S3.51). */
export const SESSION_MS = 24 * 3_600_000;
/** Taps remembered; older ones belong to menus that have timed out. */
const TAPS = 20;

export const MAIN_MENU = 'MAIN_MENU';

export interface SessionState {
  readonly threadId: string;
  /** Where the conversation stands: MAIN_MENU, CHECK_CURRENT_DUE, or a word of the module that leads it (S0.85). */
  readonly state: string;
  /** What the modules that lead the conversation remember; JSON. */
  readonly context: Readonly<Record<string, unknown>>;
  readonly lastActiveAt: Date;
  readonly menuExpiresAt: Date;
  readonly expiresAt: Date;
  readonly answeredTaps: readonly string[];
  readonly hintedAt: Date | undefined;
}

/**
 * What the bot remembers of a thread. Two clocks (C5): the menu's, short, after which a selection is answered with the time-out text;
 * and the session's, 24 hours after the last message, after which all is forgotten.
 */
export class Session {
  #state: SessionState;

  private constructor(
    state: SessionState,
    /** It begins with this message: whatever was remembered before is over. */
    readonly isNew: boolean,
  ) {
    this.#state = state;
  }

  /** A customer writes who has no session: no menu is open yet. */
  static begin(threadId: string, now: Date): Session {
    const state = {
      threadId,
      state: MAIN_MENU,
      context: {},
      lastActiveAt: now,
      menuExpiresAt: now,
      expiresAt: later(now, SESSION_MS),
      answeredTaps: [],
      hintedAt: undefined,
    };
    return new Session(state, true);
  }

  static restore(state: SessionState): Session {
    return new Session(state, false);
  }

  get snapshot(): SessionState {
    return this.#state;
  }

  /** Whether what was tapped at `instant` was tapped in time (S0.84). */
  menuIsOpenAt(instant: Date): boolean {
    return instant < this.#state.menuExpiresAt;
  }

  /** The customer wrote something: an open menu stays open for another while, a menu that has timed out stays so. */
  touch(writtenAt: Date, now: Date, menuTtlMs: number): void {
    const menuExpiresAt = this.menuIsOpenAt(writtenAt)
      ? latest(this.#state.menuExpiresAt, later(now, menuTtlMs))
      : this.#state.menuExpiresAt;
    this.#change({ menuExpiresAt, lastActiveAt: now, expiresAt: later(now, SESSION_MS) });
  }

  /** Starts over with the main menu (S0.65). */
  openMenu(now: Date, menuTtlMs: number): void {
    this.#change({
      state: MAIN_MENU,
      context: {},
      lastActiveAt: now,
      menuExpiresAt: later(now, menuTtlMs),
      expiresAt: later(now, SESSION_MS),
      answeredTaps: [],
      hintedAt: undefined,
    });
  }

  get state(): string {
    return this.#state.state;
  }

  enter(state: string): void {
    this.#change({ state });
  }

  recall(key: string): unknown {
    return this.#state.context[key];
  }

  /** @param value JSON; undefined forgets */
  remember(key: string, value: unknown): void {
    const { [key]: _, ...others } = this.#state.context;
    this.#change({ context: value === undefined ? others : { ...others, [key]: value } });
  }

  hasAnswered(tap: string): boolean {
    return this.#state.answeredTaps.includes(tap);
  }

  noteAnswered(tap: string): void {
    this.#change({ answeredTaps: [...this.#state.answeredTaps, tap].slice(-TAPS) });
  }

  get wasHinted(): boolean {
    return this.#state.hintedAt !== undefined;
  }

  noteHint(now: Date): void {
    this.#change({ hintedAt: now });
  }

  #change(change: Partial<SessionState>): void {
    this.#state = { ...this.#state, ...change };
  }
}

function later(instant: Date, milliseconds: number): Date {
  return new Date(instant.getTime() + milliseconds);
}

function latest(a: Date, b: Date): Date {
  return a > b ? a : b;
}
