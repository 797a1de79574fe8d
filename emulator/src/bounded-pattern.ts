/**
 * Regular expressions that may not take for ever: a pattern such as `(a+)+$` tries more ways than there is time for,
 * and nothing else happens meanwhile, not even Ctrl-C.
 * @module
 */
import { createContext, Script } from 'node:vm';
import { EmulatorError } from './errors.ts';

/** How long a pattern may look at one text, in ms. Ours. */
const LONGEST_MS = 1_000;
/** The only code ever run in the context. */
const LOOK = new Script('pattern.test(text)');

const seen: { pattern?: RegExp; text?: string } = createContext({});

/**
 * Whether a text fits a pattern. Throws a SyntaxError for a pattern that is none; what it gives throws
 * {@link EmulatorError} `invalid-scenario` where a look takes longer than a second.
 */
export function boundedPattern(source: string, flags: string): (text: string) => boolean {
  const pattern = new RegExp(source, flags);
  // What leaves nothing open is quick, and a watch costs a quarter of a ms.
  if (!/[*+?{]/.test(source)) return (text) => pattern.test(text);
  return (text) => {
    seen.pattern = pattern;
    seen.text = text;
    try {
      return LOOK.runInContext(seen, { timeout: LONGEST_MS }) === true;
    } catch (cause) {
      throw new EmulatorError(
        'invalid-scenario',
        `The pattern ${source} took longer than ${LONGEST_MS} ms on a text of ${text.length} characters: repeat nothing that repeats, as (a+)+ does.`,
        { cause },
      );
    } finally {
      delete seen.pattern;
      delete seen.text;
    }
  };
}
