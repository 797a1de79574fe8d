import { DiffView } from '../views/diff-view.tsx';
import { Notice } from '../views/notice.tsx';
import type { Editing } from './editing.ts';
import { clashes } from './rebase.ts';

interface ConflictProps {
  readonly editing: Editing;
  readonly noun: string;
  readonly onTheirs: () => void;
  readonly onMine: () => void;
}

/** Somebody saved, or deleted, what is edited here: their change, and what to do with one's own. */
export function Conflict({ editing: { base, current, draft }, noun, onTheirs, onMine }: ConflictProps) {
  const isGone = current.draft === null;
  const both = current.draft === null ? [] : clashes(base.draft ?? {}, current.draft, draft);
  return (
    <Notice
      tone="bad"
      title={
        isGone
          ? `Somebody deleted this ${noun} meanwhile`
          : `Somebody saved version ${current.version} meanwhile`
      }
      testId="conflict"
    >
      <p>Your draft is as you left it. {isGone ? '' : 'This is what they changed:'}</p>
      {!isGone && <DiffView before={base.draft} after={current.draft} testId="conflict-diff" />}
      {both.length > 0 && (
        <p data-testid="conflict-both">
          You both changed <code>{both.join(', ')}</code>: yours is taken there.
        </p>
      )}
      <div class="actions">
        <button type="button" class="primary" data-testid="conflict-mine" onClick={onMine}>
          {isGone ? 'Write mine anew' : 'Put my changes on top'}
        </button>
        {!isGone && (
          <button type="button" data-testid="conflict-theirs" onClick={onTheirs}>
            Take theirs, lose mine
          </button>
        )}
      </div>
    </Notice>
  );
}
