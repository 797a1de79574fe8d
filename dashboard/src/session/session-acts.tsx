import type { AdminAnswer, LiveSessionDocument } from '@livegate/protocol';
import { useState } from 'preact/hooks';
import { useOperator } from '../operator.ts';
import { ActDialog } from '../views/act-dialog.tsx';
import { Moment } from '../views/moment.tsx';
import { Notice } from '../views/notice.tsx';

interface SessionActsProps {
  readonly sessionId: string;
  readonly session: LiveSessionDocument;
  readonly nowMs: number;
}

/** What was done last on this page, and what the functions answered. */
interface Done {
  readonly act: 'end' | 'block';
  readonly answer: AdminAnswer;
}

/** Ends the session, blocks its user. For admins; a viewer reads who may. */
export function SessionActs({ sessionId, session, nowMs }: SessionActsProps) {
  const { role, acts } = useOperator();
  const [asked, setAsked] = useState<'end' | 'block' | null>(null);
  const [done, setDone] = useState<Done | null>(null);
  const { uid } = session;
  if (role !== 'admin')
    return (
      <p class="muted note" data-testid="no-acts">
        Your role is viewer: to end this session or block its user, ask an admin.
      </p>
    );
  // By what the functions wrote alone: a viewer's clock that is off takes nobody the button.
  const canEnd = session.open && session.state !== 'revoked' && session.state !== 'failed';
  return (
    <>
      <div class="actions">
        {canEnd && (
          <button type="button" class="danger" data-testid="end-now" onClick={() => setAsked('end')}>
            End now
          </button>
        )}
        <button type="button" data-testid="block-user" onClick={() => setAsked('block')}>
          Block user
        </button>
      </div>
      {done !== null && <Outcome done={done} nowMs={nowMs} />}
      {asked === 'end' && (
        <ActDialog
          title="End this session now"
          verb="End the session"
          dangerous
          testId="end-dialog"
          onClose={() => setAsked(null)}
          onAct={async (reason) => {
            setDone({ act: 'end', answer: await acts.call('revokeLiveSession', { sessionId, reason }) });
          }}
        >
          <p>
            There is no further token for it, and its page is told to stop: at once where it watches its
            session, else with its next report or renewal.
          </p>
          <p data-testid="token-words">
            {session.route === 'direct' ? (
              <>
                A token that was handed out cannot be called back. The last one stays valid until{' '}
                <Moment ms={session.deadAt} nowMs={nowMs} />: until then a page that does not obey can go on
                talking with the service. That time is charged already.
              </>
            ) : (
              'It talks through the relay, which closes its connection.'
            )}
          </p>
        </ActDialog>
      )}
      {asked === 'block' && (
        <ActDialog
          title="Block this user"
          verb="Block the user"
          dangerous
          testId="block-dialog"
          onClose={() => setAsked(null)}
          onAct={async (reason) => {
            setDone({
              act: 'block',
              answer: await acts.call('blockLiveUser', { uid, blocked: true, reason }),
            });
          }}
        >
          <p>
            <code class="wrap">{uid}</code> gets no token any more until an admin takes the block away on the
            user’s page, and all open sessions of this user end.
          </p>
          <p>
            Tokens that were handed out cannot be called back: the one of this session stays valid until{' '}
            <Moment ms={session.deadAt} nowMs={nowMs} />, those of others until they expire.
          </p>
        </ActDialog>
      )}
    </>
  );
}

function Outcome({ done: { act, answer }, nowMs }: { readonly done: Done; readonly nowMs: number }) {
  const { changed, tokensDieAt } = answer;
  const title =
    act === 'end'
      ? changed
        ? 'The session is ended'
        : 'The session was over already'
      : changed
        ? 'The user is blocked'
        : 'The user was blocked already';
  return (
    <Notice tone="info" title={title} testId="act-outcome">
      {tokensDieAt === undefined ? (
        'No token of it is valid any more.'
      ) : (
        <>
          No further token is given. One that was handed out stays valid until{' '}
          <Moment ms={tokensDieAt} nowMs={nowMs} />
          {tokensDieAt <= nowMs ? ', which is over.' : '.'}
        </>
      )}
    </Notice>
  );
}
