import { countText, durationWords, NONE } from '../format.ts';
import { minutesText } from '../money.ts';
import { sessionPath, sessionsPath } from '../places.ts';
import type { Session } from '../session-document.ts';
import type { Listed, Watching } from '../use-watched.ts';
import { Moment } from '../views/moment.tsx';
import { StateBadge } from '../views/state-badge.tsx';
import { States } from '../views/states.tsx';
import { USER_SESSIONS } from './queries.ts';

interface UserSessionsProps {
  readonly uid: string;
  readonly sessions: Watching<Listed<Session>>;
  readonly nowMs: number;
}

/** The newest sessions of a user, as they change. */
export function UserSessions({ uid, sessions, nowMs }: UserSessionsProps) {
  return (
    <section class="card list" aria-labelledby="user-sessions">
      <h2 id="user-sessions">Newest sessions</h2>
      <States
        of={sessions}
        noun="sessions"
        testId="user-sessions"
        isEmpty={({ docs }) => docs.length === 0}
        empty={{ title: 'No sessions', text: 'The first one appears here the moment they start to talk.' }}
      >
        {({ rows, unreadable }) => (
          <>
            <table class="ledger">
              <caption class="unseen">The newest {USER_SESSIONS} sessions of this user</caption>
              <thead>
                <tr>
                  <th scope="col">Began</th>
                  <th scope="col">State</th>
                  <th scope="col">Model</th>
                  <th scope="col" class="figure">
                    Leased
                  </th>
                  <th scope="col" class="figure">
                    Reported
                  </th>
                  <th scope="col">Live until</th>
                </tr>
              </thead>
              <tbody>
                {rows.map(({ id, document }) => (
                  <tr key={id} data-testid="user-session" data-session-id={id}>
                    <th scope="row" class="name">
                      <a href={sessionPath(id)}>
                        <Moment ms={document.createdAt} nowMs={nowMs} />
                      </a>
                    </th>
                    <td data-label="State">
                      <StateBadge state={document.state} />
                    </td>
                    <td data-label="Model" class="wrap">
                      {document.model}
                    </td>
                    <td class="figure" data-label="Leased" title={durationWords(document.leased.seconds)}>
                      {minutesText(document.leased.seconds)}
                    </td>
                    <td class="figure" data-label="Reported" title={durationWords(document.reported.seconds)}>
                      {Object.keys(document.connections).length === 0
                        ? NONE
                        : minutesText(document.reported.seconds)}
                    </td>
                    <td data-label="Live until">
                      {document.deadAt > nowMs && document.state !== 'failed' ? (
                        <Moment ms={document.deadAt} nowMs={nowMs} />
                      ) : (
                        NONE
                      )}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
            <p class="card-foot">
              {unreadable > 0 && `${countText(unreadable)} of a version that this page does not know. `}
              <a href={sessionsPath({ uid })} data-testid="all-sessions">
                All of their sessions
              </a>
            </p>
          </>
        )}
      </States>
    </section>
  );
}
