import { useState } from 'preact/hooks';
import { countText } from '../format.ts';
import { useOperator } from '../operator.ts';
import { ActDialog } from '../views/act-dialog.tsx';
import { Moment } from '../views/moment.tsx';
import type { UserActProps } from './user-acts.tsx';
import { raisedLimit, typedMinutes } from './user-state.ts';

/** Gives a user more minutes for the UTC day that goes on. */
export function RaiseDialog({ user, nowMs, onDone, onClose }: UserActProps) {
  const { acts } = useOperator();
  const { uid, raisedMinutes, day } = user;
  const [typed, setTyped] = useState(String(raisedMinutes));
  const minutes = typedMinutes(typed);
  const limit = minutes === undefined ? null : raisedLimit(user, minutes);
  return (
    <ActDialog
      title="Give minutes for today"
      verb={minutes === 0 ? 'Take them back' : 'Give'}
      testId="raise-dialog"
      ready={minutes !== undefined && minutes !== raisedMinutes && day.limitSeconds !== null}
      onClose={onClose}
      onAct={async (reason) => {
        if (minutes === undefined) return;
        await acts.call('raiseLiveQuota', { uid, minutes, reason });
        onDone(
          minutes === 0
            ? 'Nothing is given for today any more.'
            : `${countText(minutes)} min are given for today.`,
        );
      }}
    >
      <p class="mono wrap">{uid}</p>
      {day.limitSeconds === null ? (
        <p>Their policy sets no limit for a day: there is nothing to raise.</p>
      ) : (
        <>
          <label>
            Minutes on top of the policy’s, 0 to 1,440
            <input
              type="number"
              min={0}
              max={1_440}
              step={1}
              value={typed}
              data-testid="raise-minutes"
              aria-describedby="raise-limit"
              onInput={(event) => setTyped(event.currentTarget.value)}
            />
          </label>
          <p id="raise-limit" role="status" data-testid="raise-limit">
            {limit === null
              ? 'A whole number from 0 to 1,440.'
              : `Today’s limit would be ${countText(limit)} min.`}
          </p>
        </>
      )}
      <p>
        It counts at once and until <Moment ms={day.resetsAt} nowMs={nowMs} />, when the UTC day ends; until
        then it is on top of the month’s limit too. It replaces what was given before. What was leased already
        stays leased.
      </p>
    </ActDialog>
  );
}
