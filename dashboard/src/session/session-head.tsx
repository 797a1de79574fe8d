import {
  type LiveBackend,
  type LiveSessionDocument,
  shutdownWarning,
  type TimestampLike,
} from '@livegate/protocol';
import { NONE } from '../format.ts';
import { settingPath, userPath } from '../places.ts';
import { livenessOf, STATE_MEANINGS } from '../session-figures.ts';
import { Fact } from '../views/fact.tsx';
import { Moment } from '../views/moment.tsx';
import { Notice } from '../views/notice.tsx';
import { StateBadge } from '../views/state-badge.tsx';
import { stopWords } from './session-words.ts';

interface SessionHeadProps {
  readonly session: LiveSessionDocument;
  readonly nowMs: number;
}

const BACKENDS: Readonly<Record<LiveBackend, string>> = {
  'google-ai': 'Gemini Developer API',
  'vertex-ai': 'Vertex AI',
};

const ROUTES = {
  direct: 'direct: the page speaks to the service itself',
  relay: 'through the relay',
} as const satisfies Readonly<Record<LiveSessionDocument['route'], string>>;

const LIVENESS = {
  live: 'live',
  lingering: 'lingering: over, but a token of it can still be used',
  over: 'over: nothing of it can be used any more',
} as const;

/** How the session stands. */
export function SessionState({ session, nowMs }: SessionHeadProps) {
  const liveness = livenessOf(session, nowMs);
  const { state } = session;
  return (
    <p class="session-state">
      <StateBadge state={state} testId="state" />
      <span class={`alive ${liveness}`} data-testid="liveness" data-liveness={liveness}>
        <span class={`dot ${liveness}`} aria-hidden="true" /> {LIVENESS[liveness]}
      </span>
      <span class="muted" data-testid="state-meaning">
        {Object.hasOwn(STATE_MEANINGS, state)
          ? STATE_MEANINGS[state]
          : 'A state that this page does not know.'}
      </span>
      {session.sample === true && (
        <span class="pill" data-testid="sample">
          sample data
        </span>
      )}
    </p>
  );
}

/** What one wants to know first: what lingers, what is about to be shut down, who and what it was. */
export function SessionHead({ session, nowMs }: SessionHeadProps) {
  const { template, templateId, policy, policyId } = session;
  const warning = shutdownWarning(session.model, nowMs);
  const kept = keptUntil(session);
  return (
    <>
      {livenessOf(session, nowMs) === 'lingering' && (
        <Notice tone="info" title="A token can still be used" testId="lingering">
          The session is {session.state}, but its last token stays valid until{' '}
          <Moment ms={session.deadAt} nowMs={nowMs} />: a token cannot be called back.
        </Notice>
      )}
      {warning !== undefined && <Notice tone="warn" title={warning} testId="shutdown" />}
      <dl class="facts card head-facts" aria-label="Facts">
        <Fact name="User" mono testId="user">
          <a href={userPath(session.uid)}>{session.uid}</a>
        </Fact>
        <Fact name="Model" testId="model">
          {session.model}
        </Fact>
        <Fact name="Template" testId="template">
          {template === null ? (
            'none: the page’s own setup'
          ) : templateId === null ? (
            template
          ) : (
            <a href={settingPath('templates', templateId)}>{template}</a>
          )}
        </Fact>
        <Fact name="Policy" testId="policy">
          <a href={settingPath('policies', policyId)}>{policy}</a>
        </Fact>
        <Fact name="Backend" testId="backend">
          {BACKENDS[session.backend] ?? session.backend}
        </Fact>
        <Fact name="Route" testId="route">
          {ROUTES[session.route] ?? session.route}
        </Fact>
        <Fact name="Created" testId="created">
          <Moment ms={session.createdAt} nowMs={nowMs} />
        </Fact>
        <Fact name="Ended" testId="ended">
          {session.endedAt === null ? 'not yet' : <Moment ms={session.endedAt} nowMs={nowMs} />}
        </Fact>
        <Fact name={session.deadAt > nowMs ? 'Last token dies' : 'Last token died'} testId="dead">
          <Moment ms={session.deadAt} nowMs={nowMs} />
        </Fact>
        <Fact name="Stop reason" testId="stop-reason">
          {stopWords(session.stopReason)}
        </Fact>
        <Fact name="Kept until" testId="kept-until">
          {kept === null ? NONE : <Moment ms={kept} nowMs={nowMs} />}
        </Fact>
      </dl>
    </>
  );
}

/** Absent in a document that was written by hand. */
function keptUntil({ purgeAt }: { readonly purgeAt?: TimestampLike }): number | null {
  return typeof purgeAt?.toMillis === 'function' ? purgeAt.toMillis() : null;
}
