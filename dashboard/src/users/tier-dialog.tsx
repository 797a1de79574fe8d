import { useState } from 'preact/hooks';
import { useOperator } from '../operator.ts';
import { useList } from '../use-watched.ts';
import { ActDialog } from '../views/act-dialog.tsx';
import { States } from '../views/states.tsx';
import { tiersQuery } from './queries.ts';
import type { UserActProps } from './user-acts.tsx';

/** Gives a user a policy of their own, or takes it away. */
export function TierDialog({ user, onDone, onClose }: UserActProps) {
  const { acts, db } = useOperator();
  const { uid } = user;
  const current = user.account?.tier ?? '';
  const [tier, setTier] = useState(current);
  const policies = useList(
    'tiers',
    () => tiersQuery(db),
    (id) => id,
  );
  const option = (value: string, words: string) => (
    <label key={value}>
      <input
        type="radio"
        name="tier"
        value={value}
        checked={tier === value}
        data-testid="tier-option"
        onChange={() => setTier(value)}
      />
      <span class="wrap">
        {words}
        {value === current && <span class="muted"> (now)</span>}
      </span>
    </label>
  );
  return (
    <ActDialog
      title="Set the tier"
      verb="Set the tier"
      testId="tier-dialog"
      ready={tier !== current}
      onClose={onClose}
      onAct={async (reason) => {
        await acts.call('setLiveTier', { uid, reason, ...(tier === '' ? {} : { tier }) });
        onDone(
          `${tier === '' ? 'The tier is taken away.' : `The tier is ${tier}.`} It counts from their next ID token on, an hour from now at most, or when they sign in again.`,
        );
      }}
    >
      <p class="mono wrap">{uid}</p>
      <p>
        The tier is the policy that this user goes by, whatever they sign in with. It counts from their next
        ID token on: an hour from now at most. Sessions that are going on keep what they began with.
      </p>
      <States of={policies} noun="policies" testId="tiers">
        {({ rows }) => (
          <fieldset class="options">
            <legend>Policy</legend>
            {option('', 'None of their own: by how they sign in, or “default”')}
            {rows.map((id) => option(id, id))}
            {current !== '' && !rows.includes(current) && option(current, `${current}, which does not exist`)}
          </fieldset>
        )}
      </States>
    </ActDialog>
  );
}
