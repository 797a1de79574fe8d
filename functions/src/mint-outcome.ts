/**
 * A reservation whose token is not here: given back where the service refused, kept where nobody knows.
 * @module
 */
import type { LiveDependencies } from './dependencies.ts';
import { Refusal } from './refusal.ts';
import type { MintPlace, Reserved } from './store.ts';
import type { TokenOutcome } from './upstream.ts';

/** Wait after an outcome that nobody knows, in ms. Ours. */
const UNKNOWN_WAIT_MS = 2_000;

/** Puts the books right, and tells the refusal that the page gets. */
export async function settleMint(
  { store, log }: Pick<LiveDependencies, 'store' | 'log'>,
  {
    place,
    reserved,
    outcome,
  }: {
    readonly place: MintPlace;
    readonly reserved: Reserved;
    readonly outcome: Exclude<TokenOutcome, { readonly outcome: 'minted' }>;
  },
): Promise<Refusal> {
  const { sessionId } = place;
  const { leaseId } = reserved;
  if (outcome.outcome === 'refused') {
    log.upstreamRefused({ sessionId, leaseId, status: outcome.status });
    // Where the books cannot be reached the charge stays: never the other way round.
    const givenBack = await done(store.giveBack(place, reserved), (error) =>
      log.unexpected(error, 'giving a reservation back'),
    );
    return new Refusal(
      'upstream-refused',
      `The Live API refused to make a token; ${givenBack ? 'nothing was charged' : 'the charge could not be given back'}.`,
      { sessionId },
    );
  }
  log.upstreamUnknown({ sessionId, leaseId, problem: outcome.problem });
  await done(store.keep(sessionId, leaseId), (error) => log.unexpected(error, 'noting an unknown outcome'));
  return new Refusal(
    'upstream-unavailable',
    'The Live API did not say whether it made a token; it may exist and stays charged.',
    { sessionId, leaseId, retryAfterMs: UNKNOWN_WAIT_MS },
  );
}

async function done(work: Promise<void>, complain: (error: unknown) => void): Promise<boolean> {
  try {
    await work;
    return true;
  } catch (error) {
    complain(error);
    return false;
  }
}
