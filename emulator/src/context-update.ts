/**
 * What a `contextUpdate` changes.
 * @module
 */
import type { ClientPayloads, LiveSetup } from '@livegate/protocol';
import type { EmulatorSettings } from './options.ts';
import type { SetupLock } from './setup-lock.ts';

/** The setup from now on, and what was not changed though it was asked. */
export interface UpdatedContext {
  readonly setup: LiveSetup;
  readonly warnings: readonly string[];
}

type Updatable = 'systemInstruction' | 'tools';

/**
 * Replaces what the update names: an empty list clears the tools, what is not named stays. A part that the token
 * locks is left as it is where `lockCoversContextUpdate`.
 */
export function updateContext(
  setup: LiveSetup,
  { systemInstruction, tools }: ClientPayloads['contextUpdate'],
  {
    lock,
    lockCoversContextUpdate,
  }: { readonly lock: SetupLock } & Pick<EmulatorSettings, 'lockCoversContextUpdate'>,
): UpdatedContext {
  const asked = {
    ...(systemInstruction && { systemInstruction }),
    ...(tools && { tools: tools.tools ?? [] }),
  };
  const locked = (Object.keys(asked) as Updatable[]).filter(
    (field) => lockCoversContextUpdate && locks(lock, field),
  );
  const open = Object.fromEntries(
    Object.entries(asked).filter(([field]) => !locked.some((each) => each === field)),
  );
  return {
    setup: { ...setup, ...open },
    warnings: locked.map((field) => `contextUpdate.${field}: locked by the token, so it was not changed.`),
  };
}

function locks({ paths }: SetupLock, field: Updatable): boolean {
  return paths === 'all' || paths.some((path) => path === field || path.startsWith(`${field}.`));
}
