import type { LiveUserAnswer } from '@livegate/protocol';
import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { useRoute } from 'preact-iso';
import { ActError, type Acts } from '../acts.ts';
import { readAuditEntry } from '../audit/audit-filter.ts';
import { auditQuery, USER_ENTRIES } from '../audit/queries.ts';
import { useNow } from '../hooks.ts';
import { useOperator } from '../operator.ts';
import { readSession } from '../session-document.ts';
import { useAnswer } from '../use-answer.ts';
import { useList } from '../use-watched.ts';
import { CopyButton } from '../views/copy-button.tsx';
import { Moment } from '../views/moment.tsx';
import { Notice } from '../views/notice.tsx';
import { States } from '../views/states.tsx';
import { monthsOfUserQuery, sessionsOfUserQuery } from './queries.ts';
import { readUsage } from './usage-list.ts';
import { UsageTable } from './usage-table.tsx';
import { EraseAct, UserActs } from './user-acts.tsx';
import { UserAudit } from './user-audit.tsx';
import { UserFacts } from './user-facts.tsx';
import { UserSessions } from './user-sessions.tsx';
import { lastDeath } from './user-state.ts';

/** One user: account, quota, months, sessions, what was done about them, and what can be. */
export function UserPage() {
  const { params } = useRoute();
  const uid = params.uid ?? '';
  return <User key={uid} uid={uid} />;
}

function User({ uid }: { readonly uid: string }) {
  const { role } = useOperator();
  return role === 'admin' ? <AuditedUser uid={uid} /> : <ShownUser uid={uid} occasion="" audit={null} />;
}

/** The user with the audit beside them. What another operator does about them is seen there, and asked for anew. */
function AuditedUser({ uid }: { readonly uid: string }) {
  const { db } = useOperator();
  const now = useNow(30_000);
  const entries = useList(
    `audit of ${uid}`,
    () => auditQuery(db, { by: 'subject', value: uid }, { size: USER_ENTRIES }),
    readAuditEntry,
  );
  const { watched } = entries;
  const newest = watched.kind === 'ready' ? (watched.value.docs[0]?.id ?? 'none') : null;
  return (
    <ShownUser uid={uid} occasion={newest} audit={<UserAudit uid={uid} entries={entries} nowMs={now} />} />
  );
}

interface ShownUserProps {
  readonly uid: string;
  /** Another one asks for the user anew; `null` for one that is not known yet. */
  readonly occasion: string | null;
  readonly audit: ComponentChildren;
}

function ShownUser({ uid, occasion, audit }: ShownUserProps) {
  const { db, acts, role } = useOperator();
  const now = useNow(10_000);
  const [done, setDone] = useState<ComponentChildren>(null);
  const months = useList(`months of ${uid}`, () => monthsOfUserQuery(db, uid), readUsage);
  const sessions = useList(`sessions of ${uid}`, () => sessionsOfUserQuery(db, uid), readSession);
  const rows = sessions.watched.kind === 'ready' ? sessions.watched.value.rows : [];
  const isListed = sessions.watched.kind === 'ready';
  const changes = rows.map(({ id, document }) => `${id} ${document.state} ${document.deadAt}`).join();
  const user = useAnswer(`user ${uid}`, () => readUser(acts, uid), {
    occasion: occasion === null || !isListed ? null : `${occasion} ${changes}`,
  });
  const answer = user.watched.kind === 'ready' ? user.watched.value : null;
  const account = answer?.account ?? null;
  const name = account?.name ?? account?.email ?? null;
  useEffect(() => {
    document.title = `Livegate · User ${name ?? uid}`;
  }, [name, uid]);
  const tell = (words: ComponentChildren) => {
    setDone(words);
    user.retry();
  };
  return (
    <main id="main" class="view">
      <div class="user-top">
        <h1 class="wrap" data-testid="user-heading">
          {name ?? `User ${uid}`}
        </h1>
        <p>
          <span class="mono wrap" data-testid="user-uid">
            {uid}
          </span>{' '}
          <CopyButton text={uid} label="uid" />
        </p>
      </div>
      {done !== null && (
        <Notice tone="info" title="Done" testId="act-done">
          {done}
        </Notice>
      )}
      <States of={user} noun="user" testId="user">
        {(value) =>
          value === null ? (
            <>
              <Notice tone="info" title="No such user" testId="user-none">
                There is neither an account nor a quota with this uid. What may be kept of them stands below.
              </Notice>
              {role === 'admin' && (
                <div class="actions">
                  <EraseAct uid={uid} onDone={tell} />
                </div>
              )}
            </>
          ) : (
            <>
              <UserActs user={value} tokensDieAt={lastDeath(rows, now)} nowMs={now} onDone={tell} />
              <UserFacts user={value} nowMs={now} />
              <p class="muted note">
                As of <Moment ms={value.serverTime} nowMs={now} />.{' '}
                <button type="button" class="link" data-testid="user-again" onClick={user.retry}>
                  Ask again
                </button>
              </p>
            </>
          )
        }
      </States>
      <section class="card list" aria-labelledby="user-months">
        <h2 id="user-months">Months</h2>
        <States
          of={months}
          noun="months"
          testId="user-months"
          isEmpty={({ docs }) => docs.length === 0}
          empty={{
            title: 'No figures yet',
            text: 'A session counts once its books are closed: at most 5 minutes after its last token is dead.',
          }}
        >
          {(listed) => (
            <UsageTable
              rows={listed.rows}
              nowMs={now}
              by="month"
              caption="The months of this user, newest first"
            />
          )}
        </States>
      </section>
      <UserSessions uid={uid} sessions={sessions} nowMs={now} />
      {audit}
    </main>
  );
}

/** What is known of the user; `null` where there is neither an account nor a quota. */
async function readUser(acts: Acts, uid: string): Promise<LiveUserAnswer | null> {
  try {
    return await acts.call('readLiveUser', { uid });
  } catch (error) {
    if (error instanceof ActError && error.reason === 'no-user') return null;
    throw error;
  }
}
