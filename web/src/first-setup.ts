/**
 * The first frame of a connection.
 * @module
 */
import { type LiveSetup, type MintAnswer, override, valueAt } from '@livegate/protocol';

/**
 * What the server gave, with the page's own values where the token leaves them open, and the handle. Updates are
 * always asked for: without a handle no swap could go on.
 */
export function firstSetup(
  answer: MintAnswer,
  wished: Partial<LiveSetup>,
  handle: string | undefined,
): LiveSetup {
  const own = answer.openFields.filter((path) => valueAt(wished, path) !== undefined);
  const setup = override(answer.setup, wished, own);
  return { ...setup, sessionResumption: handle === undefined ? {} : { handle } };
}
