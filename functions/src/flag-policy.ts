/**
 * What is odd about a session whose books close. Pure.
 * @module
 */
import type { LiveSessionDocument, SessionFlag } from '@livegate/protocol';

/** A session that certainly went on for less than this, in s, is not flagged: one lease may be left early. Ours. */
export const FLAGGED_FROM_SECONDS = 120;
/** A session is flagged where its pages reported less than this share of the time it certainly went on. Ours. */
export const LEAST_REPORTED_SHARE = 0.5;

/**
 * The flags of a session. `under-reported`: it certainly went on for {@link FLAGGED_FROM_SECONDS} or more, and its
 * pages reported less than {@link LEAST_REPORTED_SHARE} of that time.
 *
 * A page renews a session in which people talk, so a session went on at least until its newest renewal was asked for:
 * a lower bound that no report can move. What was leased is not such a bound. A talk of five seconds in a lease of
 * 120 is honest, and so is a page that crashed, in its first lease or a later one: the time after the last renewal
 * counts for nothing. Nor does a re-mint count, which comes after a drop that may have lasted. The share leaves room
 * for the report that a dying page could not send. A flag is for operators to look at; it refuses nothing.
 */
export function flagsOf(
  session: Pick<LiveSessionDocument, 'createdAt' | 'leases' | 'reported'>,
): readonly SessionFlag[] {
  const renewals = Object.values(session.leases)
    .filter(({ op }) => op === 'renew')
    .map(({ mintedAt }) => mintedAt);
  const certainSeconds = (Math.max(session.createdAt, ...renewals) - session.createdAt) / 1_000;
  const isUnder =
    certainSeconds >= FLAGGED_FROM_SECONDS &&
    session.reported.seconds < certainSeconds * LEAST_REPORTED_SHARE;
  return isUnder ? ['under-reported'] : [];
}
