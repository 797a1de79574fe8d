/**
 * Where the model's calls arrive while what runs them is still being fetched.
 * @module
 */
import type { FunctionCall } from './content-types.ts';
import { fetched } from './late.ts';
import type { ToolDesk, ToolDeskOptions } from './tool-desk.ts';

/** So often it is tried to be fetched before the calls that wait are answered without. */
const TRIES = 4;

/**
 * A {@link ToolDesk} that is there a moment later. Calls wait for it, in order; where it cannot be fetched they are
 * answered with an error each, and the next call tries again.
 */
export class ToolDoor {
  readonly #options: ToolDeskOptions;
  readonly #load: () => Promise<{ readonly ToolDesk: typeof ToolDesk }>;
  #desk: Promise<ToolDesk> | undefined;
  /** Cancelled before they could be run. */
  readonly #cancelled = new Set<string>();
  #isClosed = false;

  constructor(
    options: ToolDeskOptions,
    load: () => Promise<{ readonly ToolDesk: typeof ToolDesk }> = () => import('./tool-desk.ts'),
  ) {
    this.#options = options;
    this.#load = load;
    this.#open().catch(() => {});
  }

  /** Runs the calls of one message and answers them. Never rejects. */
  async run(calls: readonly FunctionCall[]): Promise<void> {
    const wanted = (): FunctionCall[] => calls.filter(({ id }) => !this.#cancelled.has(id ?? ''));
    try {
      const desk = await this.#open();
      await desk.run(wanted());
    } catch (error) {
      const unanswered = wanted();
      if (this.#isClosed || unanswered.length === 0) return;
      const response = { error: 'The page could not load what runs its functions.' };
      for (const { name } of unanswered) this.#options.onFailed(name, error);
      // Its session is over where this fails, and the conversation with it.
      await this.#options
        .answer(unanswered.map(({ id, name }) => ({ ...(id !== undefined && { id }), name, response })))
        .catch(() => {});
    }
  }

  /** These calls need no answer any more. */
  cancel(ids: readonly string[]): void {
    for (const id of ids) this.#cancelled.add(id);
    this.#desk?.then(
      (desk) => {
        this.#cancelled.clear();
        desk.cancel(ids);
      },
      () => {},
    );
  }

  /** Nothing is answered from here on. */
  close(): void {
    this.#isClosed = true;
    this.#desk?.then(
      (desk) => desk.close(),
      () => {},
    );
  }

  #open(): Promise<ToolDesk> {
    this.#desk ??= fetched(this.#load, {
      after: this.#options.after,
      tries: TRIES,
      isOver: () => this.#isClosed,
    }).then(
      ({ ToolDesk: Desk }) => new Desk(this.#options),
      (cause: unknown) => {
        this.#desk = undefined;
        throw cause;
      },
    );
    return this.#desk;
  }
}
