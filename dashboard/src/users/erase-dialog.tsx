import type { EraseAnswer } from '@livegate/protocol';
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { countText } from '../format.ts';
import { useOperator } from '../operator.ts';
import { useAnswer } from '../use-answer.ts';
import { ActDialog } from '../views/act-dialog.tsx';
import { Notice } from '../views/notice.tsx';
import { States } from '../views/states.tsx';
import { ERASURE_BEGINS, type Erasure, erasureAfter } from './user-state.ts';

/** Most calls in a row; the sweeper goes on where they do not do. 500 documents each. Ours. */
const MOST_CALLS = 200;

interface EraseDialogProps {
  readonly uid: string;
  /** Called with what came of it, in words, before the dialog closes. */
  readonly onDone: (words: ComponentChildren) => void;
  readonly onClose: () => void;
}

/** Erases what is kept of a user: first what would go, then, their uid typed, what goes while it goes. */
export function EraseDialog({ uid, onDone, onClose }: EraseDialogProps) {
  const { acts } = useOperator();
  const [typed, setTyped] = useState('');
  const [progress, setProgress] = useState<Erasure | null>(null);
  const preview = useAnswer(`erase ${uid}`, () =>
    acts.call('eraseLiveUser', { uid, reason: '', preview: true }),
  );
  const erase = async (reason: string) => {
    let erasure = ERASURE_BEGINS;
    for (let calls = 0; erasure.state === 'going' && calls < MOST_CALLS; calls += 1) {
      erasure = erasureAfter(erasure, await acts.call('eraseLiveUser', { uid, reason }));
      setProgress(erasure);
    }
    onDone(<Outcome erasure={erasure} />);
  };
  return (
    <ActDialog
      title="Erase this user"
      verb="Erase for good"
      dangerous
      testId="erase-dialog"
      ready={typed === uid && preview.watched.kind === 'ready'}
      onClose={onClose}
      onAct={erase}
    >
      <p class="mono wrap">{uid}</p>
      <States of={preview} noun="counts of what would go" testId="erase-preview">
        {(answer) => <Preview answer={answer} />}
      </States>
      <p>
        Sessions with their leases, timelines, transcripts, flags and costs go, the sums of their months, and
        the quota. In the audit a random name takes the place of theirs. It cannot be undone.
      </p>
      <p>
        What stays: sums that name nobody (the figures of each day, the bounds of the project), and the
        account at Firebase Authentication, which is deleted there. A block and the charge of the month end
        with the quota, so somebody who keeps their account comes back with a fresh month.
      </p>
      <label>
        Type the uid to confirm
        <input
          type="text"
          value={typed}
          autocomplete="off"
          spellcheck={false}
          data-testid="erase-confirm-uid"
          onInput={(event) => setTyped(event.currentTarget.value)}
        />
      </label>
      {progress !== null && (
        <p role="status" data-testid="erase-progress">
          Gone so far: {wentText(progress)}.
        </p>
      )}
    </ActDialog>
  );
}

function Preview({ answer: { sessions, events, auditEntries, live } }: { readonly answer: EraseAnswer }) {
  const count = (name: string, figure: number, testId: string) => (
    <div>
      <dt class="muted">{name}</dt>
      <dd data-testid={testId}>{countText(figure)}</dd>
    </div>
  );
  return (
    <>
      <dl class="counts">
        {count('Sessions', sessions, 'erase-sessions')}
        {count('Parts of timelines', events, 'erase-events')}
        {count('Audit entries', auditEntries, 'erase-audit')}
      </dl>
      {live > 0 && (
        <Notice tone="warn" title={`${countText(live)} with a live token`} testId="erase-live">
          What was said there goes at once; the rest goes by itself when the token is dead and its UTC day is
          over. Until then the user is given no token.
        </Notice>
      )}
    </>
  );
}

function Outcome({ erasure }: { readonly erasure: Erasure }) {
  const went = wentText(erasure);
  if (erasure.state === 'done') return <>Erased. Gone: {went}. Nothing is kept of this user.</>;
  return (
    <>
      Begun. Gone so far: {went}. The rest goes by itself, within five minutes of the end of{' '}
      {erasure.live > 0 ? 'the last live token' : 'what is waited for'}: a token that is alive, or the UTC day
      that its minutes are charged to.
    </>
  );
}

function wentText({ sessions, events, auditEntries }: Erasure): string {
  return `${countText(sessions)} sessions, ${countText(events)} parts of timelines, ${countText(auditEntries)} audit entries`;
}
