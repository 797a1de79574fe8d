/**
 * Log lines, by level.
 * @module
 */

/** Levels from quiet to loud; a level includes those before it. */
export const LOG_LEVELS = ['silent', 'error', 'warn', 'info', 'debug'] as const;
/** One of {@link LOG_LEVELS}. */
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Takes one line. */
export type LogSink = (level: Exclude<LogLevel, 'silent'>, text: string) => void;

/** Drops every line. */
export const silentLog: LogSink = () => {};

/** Passes lines of `level` and quieter on to `write`, each as `level text`. */
export function logTo(write: (line: string) => void, level: LogLevel): LogSink {
  const loudest = LOG_LEVELS.indexOf(level);
  return (each, text) => {
    if (LOG_LEVELS.indexOf(each) <= loudest) write(`${each} ${text}`);
  };
}
