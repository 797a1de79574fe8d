import { useState } from 'preact/hooks';
import { userPath } from '../places.ts';
import { Actor } from '../views/actor.tsx';
import { DiffView } from '../views/diff-view.tsx';
import { Moment } from '../views/moment.tsx';
import { type AuditEntry, actWords, auditPath, targetPath } from './audit-filter.ts';

interface EntryProps {
  readonly entry: AuditEntry;
  readonly nowMs: number;
}

/** One act: when, who, what, to what, why, and what changed once that is opened. */
export function Entry({ entry, nowMs }: EntryProps) {
  const { at, act, actor, target, subject, reason, before, after } = entry;
  const [isOpen, setOpen] = useState(false);
  const path = targetPath(entry);
  return (
    <li class="entry" data-testid="audit-entry" data-act={act}>
      <div class="entry-line">
        <Moment ms={at} nowMs={nowMs} />
        <a class="entry-act" href={auditPath({ by: 'act', value: act })} data-testid="entry-act">
          {actWords(act)}
        </a>
        {path === undefined ? (
          <span class="mono wrap" data-testid="entry-target">
            {target}
          </span>
        ) : (
          <a class="mono wrap" href={path} data-testid="entry-target">
            {target}
          </a>
        )}
      </div>
      <div class="entry-line">
        <span>
          by{' '}
          <a href={auditPath({ by: 'actor', value: actor })} data-testid="entry-actor">
            <Actor actor={actor} />
          </a>
        </span>
        {subject !== null && target !== `users/${subject}` && (
          <span>
            about{' '}
            <a class="mono wrap" href={userPath(subject)} data-testid="entry-subject">
              {subject}
            </a>
          </span>
        )}
      </div>
      <p class={reason === '' ? 'muted' : 'wrap'} data-testid="entry-reason">
        {reason === '' ? 'No reason given.' : reason}
      </p>
      {(before !== null || after !== null) && (
        <details onToggle={(event) => setOpen(event.currentTarget.open)}>
          <summary data-testid="entry-open">What changed</summary>
          {isOpen && <DiffView before={before} after={after} testId="entry-diff" />}
        </details>
      )}
    </li>
  );
}
