// @ts-check
/**
 * How the scripts say what they are doing: a line when a step starts, one every ten seconds while it lasts, one
 * when it is done. The same on a terminal and in a log.
 * @module
 */

const HEARTBEAT_MS = 10_000;

/**
 * Seconds with one digit, as text.
 * @param {number} ms
 */
export function seconds(ms) {
  return `${(ms / 1000).toFixed(1)} s`;
}

/**
 * Runs a step and says so. The result, or the rejection, is the work's own.
 * @template T
 * @param {string} title
 * @param {() => Promise<T>} work
 * @param {{ readonly write?: (line: string) => void }} [options]
 * @returns {Promise<T>}
 */
export async function step(title, work, { write = (line) => void process.stdout.write(`${line}\n`) } = {}) {
  const startedAt = performance.now();
  const elapsed = () => seconds(performance.now() - startedAt);
  write(`> ${title} …`);
  const heartbeat = setInterval(() => write(`  ${title}: ${elapsed()} so far`), HEARTBEAT_MS);
  try {
    const result = await work();
    write(`  ${title}: done in ${elapsed()}`);
    return result;
  } finally {
    clearInterval(heartbeat);
  }
}
