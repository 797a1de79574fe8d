import { useOperator } from '../operator.ts';
import { ActDialog } from '../views/act-dialog.tsx';
import { Moment } from '../views/moment.tsx';
import type { UserActProps } from './user-acts.tsx';

/** Blocks a user, or lets one in again. */
export function BlockDialog({ user, tokensDieAt, nowMs, onDone, onClose }: UserActProps) {
  const { acts } = useOperator();
  const { uid } = user;
  const blocked = user.blocked === null;
  return (
    <ActDialog
      title={blocked ? 'Block this user' : 'Let this user in again'}
      verb={blocked ? 'Block' : 'Let in again'}
      dangerous={blocked}
      testId="block-dialog"
      onClose={onClose}
      onAct={async (reason) => {
        const answer = await acts.call('blockLiveUser', { uid, blocked, reason });
        onDone(
          blocked ? (
            answer.tokensDieAt === undefined ? (
              'Blocked. No token of theirs is alive.'
            ) : (
              <>
                Blocked. Tokens that were handed out stay valid until{' '}
                <Moment ms={answer.tokensDieAt} nowMs={nowMs} />.
              </>
            )
          ) : (
            'Let in again. What was ended stays ended.'
          ),
        );
      }}
    >
      <p class="mono wrap">{uid}</p>
      {blocked ? (
        <>
          <p>They are given no token from now on, and their sessions are ended: none is renewed.</p>
          <p data-testid="block-tokens">
            {tokensDieAt === null ? (
              'No token of theirs is known to be alive.'
            ) : (
              <>
                A talk that is going on over a direct token can go on: the service cannot take a token back.
                The last one stays valid until <Moment ms={tokensDieAt} nowMs={nowMs} />. Pages of ours stop
                by themselves when they report next.
              </>
            )}
          </p>
        </>
      ) : (
        <p>
          They can begin new sessions at once, within their quota. Sessions that the block ended stay ended.
        </p>
      )}
    </ActDialog>
  );
}
