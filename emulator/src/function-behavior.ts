/**
 * Which functions a setup declares, and whether the model waits for them.
 * @module
 */
import { type FunctionDeclaration, type LiveSetup, liveModel } from '@livegate/protocol';
import type { EmulatorSettings } from './options.ts';

/** `blocking`: the conversation waits for the response. */
export type FunctionBehavior = 'blocking' | 'non-blocking';

/** A function that is called: how, and whether the setup declares it. */
export interface CalledFunction {
  readonly behavior: FunctionBehavior;
  readonly isDeclared: boolean;
}

/** Why a setup's functions cannot be had, or what is odd about them. Texts name fields, never values of a user. */
export type FunctionsVerdict = { readonly problem: string } | { readonly warnings: readonly string[] };

/** Source: the enum `Behavior` of @google/genai 3.1.0, read 2026-11-21. */
const BEHAVIORS: readonly (string | undefined)[] = [undefined, 'UNSPECIFIED', 'BLOCKING', 'NON_BLOCKING'];

/**
 * How a function is called under a setup: as it is declared, else as `defaultBehavior` says. A model that knows blocking
 * functions only has no other.
 */
export function calledFunction(
  name: string,
  setup: LiveSetup,
  { defaultBehavior }: Pick<EmulatorSettings, 'defaultBehavior'>,
): CalledFunction {
  const kind = liveModel(setup.model)?.functions ?? 'blocking';
  const usual = defaultBehavior === 'by-model' ? kind : defaultBehavior;
  const declaration = declarations(setup).find((each) => each.name === name);
  const asked = declaration?.behavior;
  const isNonBlocking = asked === 'NON_BLOCKING' || (asked !== 'BLOCKING' && usual === 'non-blocking');
  return {
    behavior: isNonBlocking && kind !== 'blocking-only' ? 'non-blocking' : 'blocking',
    isDeclared: declaration !== undefined,
  };
}

/**
 * Judges the declarations of a setup, or of a setup updated since. What a model that knows blocking functions only
 * makes of NON_BLOCKING is not published: `unsupportedBehavior` decides.
 */
export function judgeFunctions(
  setup: LiveSetup,
  { unsupportedBehavior }: Pick<EmulatorSettings, 'unsupportedBehavior'>,
): FunctionsVerdict {
  const all = declarations(setup);
  if (all.some(({ behavior }) => !BEHAVIORS.includes(behavior)))
    return { problem: 'tools.functionDeclarations.behavior: expected BLOCKING or NON_BLOCKING' };
  const isOdd =
    liveModel(setup.model)?.functions === 'blocking-only' &&
    all.some(({ behavior }) => behavior === 'NON_BLOCKING');
  if (!isOdd) return { warnings: [] };
  return unsupportedBehavior === 'refused'
    ? { problem: 'tools.functionDeclarations.behavior: not supported by this model' }
    : { warnings: ['This model knows blocking functions only: NON_BLOCKING is ignored.'] };
}

function declarations({ tools = [] }: LiveSetup): readonly FunctionDeclaration[] {
  return tools.flatMap(({ functionDeclarations = [] }) => functionDeclarations);
}
