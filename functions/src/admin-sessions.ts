/**
 * Ends sessions and blocks users. A token that is alive stays valid until it expires, and counted until then; there is
 * no next one.
 * @module
 */
import {
  type LiveQuotaDocument,
  type LiveSessionDocument,
  readBlockUser,
  readRevokeSession,
} from '@livegate/protocol';
import { FieldValue, type QueryDocumentSnapshot, type Transaction } from 'firebase-admin/firestore';
import { type ActOutcome, type AdminDependencies, type AdminHandler, act } from './admin-act.ts';
import { latestDeath, revokedSession, revokedTokens } from './admin-session-policy.ts';
import { checkKnown } from './known-user.ts';
import { OPEN_SESSIONS_LIMIT, openSessionsQuery } from './queries.ts';
import { unseenQuota } from './quota-window.ts';
import { Refusal } from './refusal.ts';
import { readRequest } from './request-door.ts';
import { purgeTime, QUOTA_DAYS } from './store.ts';

/**
 * Ends a session. Its books stay open until its last token is dead: reports are taken, and their answers tell the page
 * to stop. Throws {@link Refusal}: `invalid` naming the field, `no-session`, `contention`.
 */
export const revokeLiveSession: AdminHandler = async (dependencies, operator, data) => {
  const { sessionId, reason } = readRequest(data, readRevokeSession);
  const { paths, now } = dependencies;
  const ref = paths.session(sessionId);
  return act(dependencies, operator, async (tx): Promise<ActOutcome> => {
    const session = (await tx.get(ref)).data() as LiveSessionDocument | undefined;
    if (!session) throw new Refusal('no-session', 'There is no such session.');
    const quotaRef = paths.quota(session.uid);
    const quota = (await tx.get(quotaRef)).data() as LiveQuotaDocument | undefined;
    const change = revokedSession(session, { now: now(), stopReason: 'revoked' });
    const tokens = quota && revokedTokens(quota.tokens, sessionId);
    const tokensDieAt = latestDeath([session.deadAt], now());
    if (!change) return { done: null, tokensDieAt };
    tx.update(ref, { ...change });
    if (tokens) tx.update(quotaRef, { tokens });
    return {
      done: {
        act: 'revoke-session',
        target: ref.path,
        subject: session.uid,
        reason,
        before: stateOf(session),
        after: stateOf({ ...session, ...change }),
      },
      tokensDieAt,
    };
  });
};

/**
 * Blocks a user and ends their open sessions, or lets one in again; what was ended stays ended. The block and the first
 * {@link OPEN_SESSIONS_LIMIT} sessions go together, more of them follow; called again it ends what a crash left. Throws
 * {@link Refusal}: `invalid` naming the field, `no-user`, `blocked` for one who is being erased, `contention`.
 */
export const blockLiveUser: AdminHandler = async (dependencies, operator, data) => {
  const { uid, blocked, reason } = readRequest(data, readBlockUser);
  if (!blocked) return act(dependencies, operator, (tx) => unblock(tx, dependencies, { uid, reason }));
  await checkKnown(dependencies, uid);
  let last: QueryDocumentSnapshot | undefined;
  const answer = await act(dependencies, operator, async (tx) => {
    const { outcome, sessions } = await block(tx, dependencies, { uid, reason });
    last = lastOfFullPage(sessions);
    return outcome;
  });
  // The rest is part of the act that the audit tells of; nothing begins meanwhile, since the block stands.
  let ended = 0;
  while (last) {
    const page = await endNextPage(dependencies, uid, last);
    ended += page.ended;
    last = lastOfFullPage(page.sessions);
  }
  return { ...answer, changed: answer.changed || ended > 0 };
};

async function block(
  tx: Transaction,
  { paths, now }: AdminDependencies,
  { uid, reason }: { readonly uid: string; readonly reason: string },
): Promise<{ readonly outcome: ActOutcome; readonly sessions: readonly QueryDocumentSnapshot[] }> {
  const ref = paths.quota(uid);
  const at = now();
  const quota = (await tx.get(ref)).data() as LiveQuotaDocument | undefined;
  const { docs: sessions } = await tx.get(openSessionsQuery(paths, uid));
  const tokens = quota ? revokedTokens(quota.tokens) : null;
  const blocked = quota?.blocked ?? { reason, at };
  if (!quota) tx.set(ref, { ...unseenQuota(at), blocked });
  // A block does not lapse: the document loses its time to live.
  else if (!quota.blocked || tokens)
    tx.update(ref, { blocked, purgeAt: FieldValue.delete(), ...(tokens ? { tokens } : {}) });
  const ended = endSessions(tx, sessions, at);
  const isSoAlready = quota?.blocked && !tokens && ended === 0;
  const deaths = Object.values(quota?.tokens ?? {}).map(({ expiresAt }) => expiresAt);
  return {
    sessions,
    outcome: {
      done: isSoAlready
        ? null
        : {
            act: 'block-user',
            target: `users/${uid}`,
            subject: uid,
            reason,
            before: { blocked: quota?.blocked ?? null },
            after: { blocked },
          },
      tokensDieAt: latestDeath(deaths, at),
    },
  };
}

async function unblock(
  tx: Transaction,
  { paths, now }: AdminDependencies,
  { uid, reason }: { readonly uid: string; readonly reason: string },
): Promise<ActOutcome> {
  const ref = paths.quota(uid);
  const [snapshot, erasure] = await tx.getAll(ref, paths.erasure(uid));
  const quota = snapshot?.data() as LiveQuotaDocument | undefined;
  if (!quota?.blocked) return { done: null };
  if (erasure?.exists) {
    throw new Refusal('blocked', 'This user is being erased; the block ends with the erasure.');
  }
  tx.update(ref, { blocked: null, purgeAt: purgeTime(now(), QUOTA_DAYS) });
  const { blocked } = quota;
  return {
    done: {
      act: 'unblock-user',
      target: `users/${uid}`,
      subject: uid,
      reason,
      before: { blocked },
      after: { blocked: null },
    },
  };
}

/** Ends a page of sessions after one, as long as the block stands. */
function endNextPage(
  { paths, run, now }: AdminDependencies,
  uid: string,
  after: QueryDocumentSnapshot,
): Promise<{ readonly ended: number; readonly sessions: readonly QueryDocumentSnapshot[] }> {
  return run(async (tx) => {
    const quota = (await tx.get(paths.quota(uid))).data() as LiveQuotaDocument | undefined;
    if (!quota?.blocked) return { ended: 0, sessions: [] };
    const { docs: sessions } = await tx.get(openSessionsQuery(paths, uid, after));
    return { ended: endSessions(tx, sessions, now()), sessions };
  });
}

function endSessions(tx: Transaction, sessions: readonly QueryDocumentSnapshot[], now: number): number {
  let ended = 0;
  for (const snapshot of sessions) {
    const session = snapshot.data() as LiveSessionDocument;
    const change = revokedSession(session, { now, stopReason: 'blocked' });
    if (!change) continue;
    tx.update(snapshot.ref, { ...change });
    ended += 1;
  }
  return ended;
}

function lastOfFullPage(sessions: readonly QueryDocumentSnapshot[]): QueryDocumentSnapshot | undefined {
  return sessions.length < OPEN_SESSIONS_LIMIT ? undefined : sessions.at(-1);
}

function stateOf({ state, stopReason }: Pick<LiveSessionDocument, 'state' | 'stopReason'>): object {
  return { state, stopReason };
}
