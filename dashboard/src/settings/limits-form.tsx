import { useEffect, useState } from 'preact/hooks';
import { useOperator } from '../operator.ts';
import type { Watching } from '../use-watched.ts';
import { ActDialog } from '../views/act-dialog.tsx';
import { DiffView } from '../views/diff-view.tsx';
import { States } from '../views/states.tsx';
import { beginEdit, type Editing, hasConflict, isDirty, nextEdit } from './editing.ts';
import { fieldAt } from './field.ts';
import { FieldView, type FormView } from './field-view.tsx';
import { checkLimits, LIMIT_GROUPS, limitsDraft, limitsOrder } from './limits.ts';
import { type LiveConfig, NO_CONFIG } from './live-config.ts';

/** Caps of the project and thresholds of its alerts. */
export function LimitsForm({ of }: { readonly of: Watching<LiveConfig | null> }) {
  return (
    <States of={of} noun="caps and alerts" testId="limits">
      {(config) => <Limits config={config ?? NO_CONFIG} />}
    </States>
  );
}

function Limits({ config }: { readonly config: LiveConfig }) {
  const { role, acts } = useOperator();
  const stored = { version: 0, draft: limitsDraft(config) };
  const [editing, setEditing] = useState<Editing>(() => beginEdit(stored, stored.draft));
  const [isSaving, setSaving] = useState(false);
  useEffect(() => {
    // What somebody else sets meanwhile shows at once; what was changed here stays on top of it.
    setEditing((held) => {
      const next = nextEdit(held, { kind: 'stored', stored });
      return hasConflict(next) ? nextEdit(next, { kind: 'mine-on-top' }) : next;
    });
  }, [config]);
  const isAdmin = role === 'admin';
  const { draft, base } = editing;
  const { written, problem } = checkLimits(draft);
  const at = problem === null ? null : fieldAt(LIMIT_GROUPS, problem.path);
  const dirty = isDirty(editing) || config.unreadable !== null;
  const form: FormView = {
    draft,
    onDraft: (next) => setEditing((held) => nextEdit(held, { kind: 'edited', draft: next })),
    problem: problem === null || at === null ? null : { ...problem, at: at.path },
    warnings: [],
  };
  return (
    <form
      data-testid="limits"
      onSubmit={(event) => {
        event.preventDefault();
        if (written !== null && dirty) setSaving(true);
      }}
    >
      <fieldset class="limits" disabled={!isAdmin}>
        <legend class="unseen">Caps and alerts</legend>
        {LIMIT_GROUPS.map(({ id, title, fields }) => (
          <div key={id}>
            <h3>{title}</h3>
            <div class="fields">
              {fields.map((field) => (
                <FieldView key={field.path} field={field} form={form} />
              ))}
            </div>
          </div>
        ))}
      </fieldset>
      {isAdmin ? (
        <div class="actions">
          <button
            type="submit"
            class="primary"
            disabled={!dirty || written === null}
            data-testid="limits-save"
          >
            Review and save
          </button>
          {isDirty(editing) && (
            <button
              type="button"
              onClick={() => setEditing((held) => nextEdit(held, { kind: 'take-theirs' }))}
            >
              Discard
            </button>
          )}
          <p role="status" class="muted">
            {problem !== null
              ? `${at?.label ?? problem.path}: ${problem.words}`
              : dirty
                ? 'Not saved yet.'
                : ''}
          </p>
        </div>
      ) : (
        <p class="muted">Only admins set caps and alerts.</p>
      )}
      {isSaving && written !== null && (
        <ActDialog
          title="Save caps and alerts?"
          verb="Save"
          wide
          testId="limits-dialog"
          onClose={() => setSaving(false)}
          onAct={async (reason) => {
            const order = config.unreadable === null ? limitsOrder(draft, base.draft ?? {}) : draft;
            await acts.call('setLiveLimits', { ...order, reason });
            setEditing((held) => nextEdit(held, { kind: 'saved', version: 0, written }));
          }}
        >
          <DiffView before={editing.current.draft} after={written} testId="limits-diff" />
          <p class="muted">
            They count within a minute. What was leased today counts against a new cap as well.
          </p>
        </ActDialog>
      )}
    </form>
  );
}
