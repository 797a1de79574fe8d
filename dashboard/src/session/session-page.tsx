import { useEffect, useMemo, useRef } from 'preact/hooks';
import { useRoute } from 'preact-iso';
import { useNow } from '../hooks.ts';
import { useOperator } from '../operator.ts';
import { sessionsPath } from '../places.ts';
import { sessionDocument } from '../queries.ts';
import { readSession, type Session } from '../session-document.ts';
import { settingDocument } from '../settings/queries.ts';
import { useDocument } from '../use-watched.ts';
import { CopyButton } from '../views/copy-button.tsx';
import { Notice } from '../views/notice.tsx';
import { States } from '../views/states.tsx';
import { ConnectionsPart } from './connections-part.tsx';
import { FiguresPart } from './figures-part.tsx';
import { LeasesPart } from './leases-part.tsx';
import { MoneyPart } from './money-part.tsx';
import { opsDocument } from './queries.ts';
import { SessionActs } from './session-acts.tsx';
import { SessionHead, SessionState } from './session-head.tsx';
import { readBooks, readTranscriptRule } from './session-reading.ts';
import { TimelinePart } from './timeline-part.tsx';
import { toldLines } from './told-lines.ts';
import { TranscriptPart } from './transcript-part.tsx';
import { turnRows } from './turn-usage.ts';
import { TurnsPart } from './turns-part.tsx';
import { type Batches, useBatches } from './use-batches.ts';

/** One session, whole. */
export function SessionPage() {
  const { id = '' } = useRoute().params;
  // Ids are made by machine; a slash in one would make another path of the document's, and `__x__` is Firestore's own.
  const isId = /^(?!__.*__$)[A-Za-z0-9_-]{1,128}$/.test(id);
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = 'Livegate · Session';
    title.current?.focus();
  }, []);
  return (
    <main id="main" class="view session-view" data-testid="session-page" data-session-id={id}>
      <div class="heading">
        <h1 tabIndex={-1} ref={title}>
          Session
        </h1>
        <code class="wrap" data-testid="session-id">
          {id}
        </code>
        <CopyButton text={id} label="session id" />
      </div>
      {isId ? <WatchedSession key={id} id={id} /> : <Missing />}
    </main>
  );
}

function WatchedSession({ id }: { readonly id: string }) {
  const { db } = useOperator();
  const watching = useDocument<Session | 'unreadable'>(
    `session ${id}`,
    () => sessionDocument(db, id),
    (each, data) => readSession(each, data) ?? 'unreadable',
  );
  return (
    <States of={watching} noun="session" testId="session">
      {(value) => {
        if (value === null) return <Missing />;
        if (value === 'unreadable')
          return (
            <Notice tone="warn" title="The session cannot be read" testId="session-unreadable">
              Its document is of a version that this page does not know. Deploy the page again.
            </Notice>
          );
        return <ShownSession session={value} />;
      }}
    </States>
  );
}

function Missing() {
  return (
    <div class="blank" data-testid="session-missing">
      <p class="blank-title">No such session</p>
      <p class="muted">
        Its time to be kept may be over, its user may have been erased, or the address is not whole.
      </p>
      <p>
        <a href={sessionsPath()}>Go to the sessions.</a>
      </p>
    </div>
  );
}

function ShownSession({ session }: { readonly session: Session }) {
  const { role } = useOperator();
  return role === 'admin' ? <WithBatches session={session} /> : <Details session={session} batches={null} />;
}

function WithBatches({ session }: { readonly session: Session }) {
  return <Details session={session} batches={useBatches(session.id)} />;
}

interface DetailsProps {
  readonly session: Session;
  readonly batches: Batches | null;
}

function Details({ session: { id, document: session }, batches }: DetailsProps) {
  const { db, role } = useOperator();
  const now = useNow(1_000);
  const books = useDocument(
    `ops ${id}`,
    () => opsDocument(db, id),
    (_, data) => readBooks(data) ?? ('unreadable' as const),
  );
  const policy = useDocument(
    `policy ${session.policyId}`,
    () => settingDocument(db, 'policies', session.policyId),
    (_, data) => readTranscriptRule(data),
  );
  const told = batches?.batches;
  const count = told?.length;
  // Batches are never changed, only more.
  const lines = useMemo(
    () =>
      toldLines(
        session,
        told?.flatMap(({ events }) => events),
      ),
    [session, count],
  );
  const turns = useMemo(() => turnRows(lines), [lines]);
  const closed =
    books.watched.kind === 'ready' && books.watched.value !== null && books.watched.value !== 'unreadable'
      ? books.watched.value.closedAt
      : null;
  const unread =
    batches === null ? (session.toldBytes > 0 ? 'forbidden' : 'none') : batches.more ? 'loadable' : 'none';
  const rule =
    policy.watched.kind === 'ready'
      ? policy.watched.value
      : policy.watched.kind === 'failed'
        ? null
        : undefined;
  return (
    <>
      <SessionState session={session} nowMs={now} />
      <SessionActs sessionId={id} session={session} nowMs={now} />
      <SessionHead session={session} nowMs={now} />
      <div class="session-parts">
        <TimelinePart session={session} lines={lines} closedAt={closed} batches={batches} nowMs={now} />
        <FiguresPart session={session} nowMs={now} />
        <MoneyPart session={session} books={books} nowMs={now} />
        <TurnsPart session={session} turns={turns} unread={unread} nowMs={now} />
        <LeasesPart session={session} nowMs={now} />
        <ConnectionsPart session={session} />
        <TranscriptPart session={session} role={role} rule={rule} batches={batches} nowMs={now} />
      </div>
    </>
  );
}
