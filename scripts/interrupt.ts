/**
 * Ctrl-C, once to end in order, twice to end at once.
 * @module
 */

/** Signals that ask for the end. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/**
 * One press may arrive several times: a terminal sends it to every process in front, and launchers such as npm
 * pass theirs on.
 */
const SAME_PRESS_MS = 700;

/** What the caller does about it. */
export interface InterruptActions {
  first(): void;
  /** For the second press and each one after it. */
  second(): void;
}

/** Ctrl-C, listened for. */
export interface Interrupt {
  /** Resolves at the first press. */
  readonly requested: Promise<undefined>;
  /** Gives the signals back to Node. */
  forget(): void;
}

/** Listens until `forget` is called. */
export function onInterrupt(
  { first, second }: InterruptActions,
  { now = () => performance.now() }: { readonly now?: () => number } = {},
): Interrupt {
  let pressedAt: number | undefined;
  const { promise: requested, resolve } = Promise.withResolvers<undefined>();
  const press = (): void => {
    if (pressedAt !== undefined && now() - pressedAt < SAME_PRESS_MS) return;
    const isFirst = pressedAt === undefined;
    pressedAt = now();
    if (isFirst) first();
    else second();
    resolve(undefined);
  };
  for (const signal of SIGNALS) process.on(signal, press);
  return {
    requested,
    forget() {
      for (const signal of SIGNALS) process.off(signal, press);
    },
  };
}
