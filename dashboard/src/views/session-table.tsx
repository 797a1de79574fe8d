import type { TokensByModality } from '@livegate/protocol';
import {
  countText,
  durationWords,
  modalityParts,
  momentText,
  NONE,
  secondsText,
  utcText,
} from '../format.ts';
import type { Session } from '../session-document.ts';
import { livenessOf, tokensFromModel, tokensToModel, usageOf } from '../session-figures.ts';
import { StateBadge } from './state-badge.tsx';

interface SessionTableProps {
  readonly sessions: readonly Session[];
  readonly nowMs: number;
  readonly openId: string | null;
  readonly onOpen: (sessionId: string) => void;
}

/** The list of sessions. On a narrow screen each row is a card. */
export function SessionTable({ sessions, nowMs, openId, onOpen }: SessionTableProps) {
  return (
    <table class="sessions">
      <caption class="unseen">Sessions, newest first. Open one for its details.</caption>
      <thead>
        <tr>
          <th scope="col">Started</th>
          <th scope="col">State</th>
          <th scope="col">User</th>
          <th scope="col">Model</th>
          <th scope="col" class="figure">
            Leased
          </th>
          <th scope="col" class="figure">
            Reported
          </th>
          <th scope="col">Tokens</th>
        </tr>
      </thead>
      <tbody>
        {sessions.map((session) => (
          <SessionRow
            key={session.id}
            session={session}
            nowMs={nowMs}
            isOpen={session.id === openId}
            onOpen={onOpen}
          />
        ))}
      </tbody>
    </table>
  );
}

interface SessionRowProps extends Pick<SessionTableProps, 'nowMs' | 'onOpen'> {
  readonly session: Session;
  readonly isOpen: boolean;
}

function SessionRow({ session: { id, document }, nowMs, isOpen, onOpen }: SessionRowProps) {
  const liveness = livenessOf(document, nowMs);
  const usage = usageOf(document);
  const hasReported = document.reported.at !== null;
  return (
    // The button in the first cell is the keyboard's way in; a click anywhere in the row does the same.
    <tr
      class={isOpen ? 'open' : undefined}
      data-testid="session-row"
      data-session-id={id}
      data-state={document.state}
      data-liveness={liveness}
      onClick={() => onOpen(id)}
    >
      <td class="started">
        <button
          type="button"
          class="link"
          id={`open-${id}`}
          aria-expanded={isOpen}
          title={utcText(document.createdAt)}
          aria-label={`Details of the session started ${momentText(document.createdAt, nowMs)}`}
        >
          <time dateTime={new Date(document.createdAt).toISOString()}>
            {momentText(document.createdAt, nowMs)}
          </time>
        </button>
      </td>
      <td class="state">
        <StateBadge state={document.state} testId="cell-state" />
        {liveness !== 'over' && (
          <span class={`alive ${liveness}`} data-testid="live" title={utcText(document.deadAt)}>
            <span class={`dot ${liveness}`} aria-hidden="true" />
            {liveness === 'live' ? 'live until ' : 'token until '}
            {momentText(document.deadAt, nowMs)}
          </span>
        )}
      </td>
      <td class="user" data-label="User">
        <span class="clip mono" data-testid="cell-user" title={document.uid}>
          {document.uid}
        </span>
      </td>
      <td class="model" data-label="Model">
        <span data-testid="cell-model">{document.model}</span>
        {document.template !== null && <span class="under">{document.template}</span>}
      </td>
      <td class="figure" data-label="Leased">
        <span
          data-testid="cell-leased"
          data-seconds={document.leased.seconds}
          title={durationWords(document.leased.seconds)}
        >
          {secondsText(document.leased.seconds)}
        </span>
      </td>
      <td class="figure" data-label="Reported">
        <span
          data-testid="cell-reported"
          data-seconds={document.reported.seconds}
          title={hasReported ? durationWords(document.reported.seconds) : 'No report yet'}
        >
          {hasReported ? secondsText(document.reported.seconds) : NONE}
        </span>
      </td>
      <td class="tokens" data-label="Tokens">
        <span data-testid="cell-tokens" data-in={tokensToModel(usage)} data-out={tokensFromModel(usage)}>
          {usage.turns === 0 && tokensToModel(usage) + tokensFromModel(usage) === 0 ? (
            NONE
          ) : (
            <>
              <Way
                name="in"
                tokens={usage.prompt}
                title={`${countText(tokensToModel(usage))} tokens to the model`}
              />{' '}
              <Way
                name="out"
                tokens={usage.response}
                title={`${countText(tokensFromModel(usage))} tokens from the model`}
              />
            </>
          )}
        </span>
      </td>
    </tr>
  );
}

interface WayProps {
  readonly name: 'in' | 'out';
  readonly tokens: TokensByModality;
  readonly title: string;
}

/** Tokens of one direction: `in audio 1,234 · text 20`, broken between modalities only. */
function Way({ name, tokens, title }: WayProps) {
  const parts = modalityParts(tokens);
  return (
    <span class="way" title={title}>
      <span class="way-name">{name}</span>{' '}
      <span>
        {parts.length === 0
          ? NONE
          : parts.map((part, place) => (
              <span key={part} class="whole">
                {place > 0 && ' · '}
                {part}
              </span>
            ))}
      </span>
    </span>
  );
}
