import { shutdownWarning } from '@livegate/protocol';
import type { Firestore } from 'firebase/firestore';
import { useEffect, useRef } from 'preact/hooks';
import { momentText, NONE, utcText } from '../format.ts';
import { useSession } from '../hooks.ts';
import type { Session } from '../session-document.ts';
import { livenessOf, usageOf } from '../session-figures.ts';
import { CopyButton } from './copy-button.tsx';
import { Notice } from './notice.tsx';
import { ConnectionTable, FigureTable, LeaseTable, ModalityTable } from './session-tables.tsx';
import { StateBadge } from './state-badge.tsx';

interface SessionPanelProps {
  readonly db: Firestore;
  readonly sessionId: string;
  readonly nowMs: number;
  readonly onClose: () => void;
}

/** One session beside the list; over it on a narrow screen. Escape closes it. */
export function SessionPanel({ db, sessionId, nowMs, onClose }: SessionPanelProps) {
  const watch = useSession(db, sessionId);
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => title.current?.focus(), []);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key === 'Escape') onClose();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [onClose]);

  return (
    <aside
      class="panel"
      aria-labelledby="panel-title"
      data-testid="session-panel"
      data-session-id={sessionId}
    >
      <header class="panel-top">
        <h2 id="panel-title" tabIndex={-1} ref={title}>
          Session
        </h2>
        <button type="button" class="plain" data-testid="close-panel" onClick={onClose}>
          Close
        </button>
      </header>
      <p class="session-name">
        <code class="wrap">{sessionId}</code> <CopyButton text={sessionId} label="session id" />
      </p>
      {watch.kind === 'loading' && <p class="muted">Loading…</p>}
      {watch.kind === 'missing' && (
        <Notice tone="warn" title="No such session">
          It may have been deleted when its time to be kept was over.
        </Notice>
      )}
      {watch.kind === 'failed' && (
        <Notice tone="bad" title="The session cannot be shown">
          {watch.problem}
        </Notice>
      )}
      {watch.kind === 'ready' && <Details session={watch.session} nowMs={nowMs} />}
    </aside>
  );
}

function Details({ session: { document }, nowMs }: { readonly session: Session; readonly nowMs: number }) {
  const liveness = livenessOf(document, nowMs);
  const warning = shutdownWarning(document.model, nowMs);
  return (
    <>
      <p class="panel-state">
        <StateBadge state={document.state} testId="panel-state" />
        {liveness === 'live' && (
          <span class="alive live">live until {momentText(document.deadAt, nowMs)}</span>
        )}
      </p>
      {liveness === 'lingering' && (
        <Notice tone="info" title="A token can still be used">
          The session is {document.state}, but its last token stays valid until{' '}
          <Moment ms={document.deadAt} nowMs={nowMs} />: a token cannot be called back.
        </Notice>
      )}
      {warning !== undefined && <Notice tone="warn" title={warning} />}
      <dl class="facts">
        <Fact name="User" value={document.uid} mono />
        <Fact name="Model" value={document.model} />
        <Fact name="Template" value={document.template ?? NONE} />
        <Fact name="Policy" value={document.policy} />
        <Fact name="Route" value={`${document.route}, ${document.backend}`} />
        <Fact name="Stop reason" value={document.stopReason ?? NONE} testId="stop-reason" />
        <div>
          <dt>Started</dt>
          <dd>
            <Moment ms={document.createdAt} nowMs={nowMs} />
          </dd>
        </div>
        <div>
          <dt>Ended</dt>
          <dd>{document.endedAt === null ? NONE : <Moment ms={document.endedAt} nowMs={nowMs} />}</dd>
        </div>
      </dl>
      <FigureTable document={document} />
      <ModalityTable totals={usageOf(document)} />
      <LeaseTable document={document} nowMs={nowMs} />
      <ConnectionTable document={document} />
    </>
  );
}

interface FactProps {
  readonly name: string;
  readonly value: string;
  readonly mono?: boolean;
  readonly testId?: string;
}

function Fact({ name, value, mono = false, testId }: FactProps) {
  return (
    <div>
      <dt>{name}</dt>
      <dd class={mono ? 'wrap mono' : 'wrap'} data-testid={testId}>
        {value}
      </dd>
    </div>
  );
}

function Moment({ ms, nowMs }: { readonly ms: number; readonly nowMs: number }) {
  return (
    <time dateTime={new Date(ms).toISOString()} title={utcText(ms)}>
      {momentText(ms, nowMs)}
    </time>
  );
}
