import { useEffect, useId, useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { countText } from '../format.ts';
import { useNow } from '../hooks.ts';
import { useOperator } from '../operator.ts';
import { usePages } from '../use-pages.ts';
import { Notice } from '../views/notice.tsx';
import { PageSteps } from '../views/page-steps.tsx';
import { States } from '../views/states.tsx';
import {
  ACT_WORDS,
  AUDIT_FIELDS,
  type AuditFilter,
  auditPath,
  readAuditEntry,
  readAuditFilter,
} from './audit-filter.ts';
import { Entry } from './entry.tsx';
import { AUDIT_PAGE, auditQuery } from './queries.ts';

/** Who changed what, for admins; viewers are told so and nothing is asked for. */
export function AuditPage() {
  const { role } = useOperator();
  const { query, route } = useLocation();
  const filter = readAuditFilter(query);
  return (
    <main id="main" class="view">
      <h1>Audit</h1>
      {role === 'admin' ? (
        <>
          <FilterForm key={auditPath(filter)} filter={filter} onChoose={(next) => route(auditPath(next))} />
          <Entries filter={filter} />
        </>
      ) : (
        <Notice tone="info" title="Admins only" testId="audit-denied">
          The audit tells what operators did to whom, and why. Your role is viewer; an admin can make you one.
        </Notice>
      )}
    </main>
  );
}

const FIELD_TITLES: Readonly<Record<AuditFilter['by'] | 'all', string>> = {
  all: 'All entries',
  act: 'One kind of act',
  actor: 'One operator',
  subject: 'About one user',
};

interface FilterFormProps {
  readonly filter: AuditFilter | null;
  readonly onChoose: (filter: AuditFilter | null) => void;
}

/** One field at a time, since each of them has an index with the time and no two have one together. */
function FilterForm({ filter, onChoose }: FilterFormProps) {
  const [by, setBy] = useState<AuditFilter['by'] | 'all'>(filter?.by ?? 'all');
  const [value, setValue] = useState(filter?.value ?? '');
  const byId = useId();
  const valueId = useId();
  return (
    <form
      class="choices"
      onSubmit={(event) => {
        event.preventDefault();
        if (by !== 'all' && value.trim() !== '') onChoose({ by, value: value.trim() });
      }}
    >
      <div class="choice">
        <label for={byId}>Show</label>
        <select
          id={byId}
          value={by}
          data-testid="audit-by"
          onChange={(event) => {
            const next = event.currentTarget.value as AuditFilter['by'] | 'all';
            setBy(next);
            setValue('');
            if (next === 'all') onChoose(null);
          }}
        >
          {(['all', ...AUDIT_FIELDS] as const).map((each) => (
            <option key={each} value={each}>
              {FIELD_TITLES[each]}
            </option>
          ))}
        </select>
      </div>
      {by === 'act' && (
        <div class="choice">
          <label for={valueId}>Act</label>
          <select
            id={valueId}
            value={value}
            data-testid="audit-act"
            onChange={(event) => onChoose({ by, value: event.currentTarget.value })}
          >
            <option value="" disabled>
              Choose…
            </option>
            {Object.entries(ACT_WORDS).map(([act, words]) => (
              <option key={act} value={act}>
                {words}
              </option>
            ))}
          </select>
        </div>
      )}
      {(by === 'actor' || by === 'subject') && (
        <div class="find">
          <label for={valueId}>
            {by === 'actor' ? 'Uid of the operator, or “command”' : 'Uid of the user'}
            <input
              id={valueId}
              type="search"
              value={value}
              maxLength={128}
              autocomplete="off"
              spellcheck={false}
              data-testid="audit-value"
              onInput={(event) => setValue(event.currentTarget.value)}
            />
          </label>
          <button type="submit" disabled={value.trim() === ''} data-testid="audit-go">
            Show
          </button>
        </div>
      )}
    </form>
  );
}

function Entries({ filter }: { readonly filter: AuditFilter | null }) {
  const { db } = useOperator();
  const now = useNow(60_000);
  const paged = usePages(`audit ${auditPath(filter)}`, (after) => auditQuery(db, filter, { after }), {
    size: AUDIT_PAGE,
    read: readAuditEntry,
  });
  useEffect(() => scrollTo({ top: 0 }), [paged.page]);
  return (
    <>
      <div class="card list">
        <States
          of={paged.watching}
          noun="entries"
          testId="audit"
          isEmpty={({ docs }) => docs.length === 0}
          empty={
            paged.page > 1
              ? { title: 'Nothing further', text: 'That was the last page.' }
              : filter === null
                ? {
                    title: 'No entries yet',
                    text: 'Every act of an operator appears here the moment it is done.',
                  }
                : { title: 'No entries like that', text: 'New ones appear here by themselves.' }
          }
        >
          {({ rows, unreadable }) => (
            <>
              {unreadable > 0 && (
                <Notice tone="warn" title={`${countText(unreadable)} not shown`} testId="audit-unreadable">
                  Documents of a version that this page does not know. Deploy the page again.
                </Notice>
              )}
              <ol class="entries" data-testid="audit-entries">
                {rows.map((entry) => (
                  <Entry key={entry.id} entry={entry} nowMs={now} />
                ))}
              </ol>
            </>
          )}
        </States>
      </div>
      <PageSteps paged={paged} noun="entries" />
      <p class="muted note">
        Newest first. An entry is written in the transaction that does the act, and none is ever changed but
        to put a pseudonym in the place of a user who was erased.
      </p>
    </>
  );
}
