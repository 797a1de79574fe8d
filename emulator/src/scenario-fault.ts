/**
 * Faults in a scenario, by the reader that options and the control API use.
 * @module
 */
import { EmulatorError } from './errors.ts';
import { described, type Reader } from './scenario-check.ts';

/** What that reader is given to name the value by; its message begins with this and the field within. */
const ROOT = 'fault';

/** A reader of a fault, or of a rule of faults. */
export function faultBy<T>(read: (value: unknown, path: string) => T): Reader<T> {
  return described({ type: 'object' }, (value, path, { problems }) => {
    try {
      return read(value, ROOT);
    } catch (error) {
      if (!(error instanceof EmulatorError)) throw error;
      const [field = ROOT, ...words] = error.message.split(' ');
      const within = field.split('.').slice(1);
      problems.push({ path: [...path, ...within], on: 'value', message: words.join(' ').replace(/\.$/, '') });
      return undefined;
    }
  });
}
