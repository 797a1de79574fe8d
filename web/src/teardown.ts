/**
 * Closes what was opened.
 * @module
 */

/**
 * Collects how to close each thing as it is opened, and closes all in reverse order, once. What fails to close does
 * not keep the rest open.
 */
export class Teardown {
  readonly #steps: (() => unknown)[] = [];
  #closing: Promise<void> | undefined;

  /** Adds a step. Once closing has begun it runs at once: what was opened too late is not left open. */
  add(step: () => unknown): void {
    if (this.#closing) void attempt(step);
    else this.#steps.push(step);
  }

  /** Runs the steps, last one first, each after the one before. Never rejects. Idempotent. */
  close(): Promise<void> {
    this.#closing ??= this.#run();
    return this.#closing;
  }

  async #run(): Promise<void> {
    for (const step of this.#steps.splice(0).reverse()) await attempt(step);
  }
}

async function attempt(step: () => unknown): Promise<void> {
  try {
    await step();
  } catch {
    // It is closed as far as it can be.
  }
}
