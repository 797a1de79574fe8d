import type { LiveSetup, Tool } from '@livegate/protocol';

/** Tools that declare each function with its behaviour; `undefined` leaves it out. */
export function functionTools(behaviors: Readonly<Record<string, string | undefined>>): readonly Tool[] {
  const functionDeclarations = Object.entries(behaviors).map(([name, behavior]) => ({
    name,
    ...(behavior !== undefined && { behavior }),
  }));
  return [{ functionDeclarations }];
}

/** A setup whose functions block. */
export function blocking(...names: readonly string[]): Pick<LiveSetup, 'tools'> {
  return { tools: functionTools(Object.fromEntries(names.map((name) => [name, 'BLOCKING']))) };
}

/** A setup whose functions do not. */
export function nonBlocking(...names: readonly string[]): Pick<LiveSetup, 'tools'> {
  return { tools: functionTools(Object.fromEntries(names.map((name) => [name, 'NON_BLOCKING']))) };
}
