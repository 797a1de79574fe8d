import { useReducer, useState } from 'preact/hooks';
import { useOperator } from '../operator.ts';
import { settingPath } from '../places.ts';
import { Notice } from '../views/notice.tsx';
import { Conflict } from './conflict.tsx';
import { type Draft, draftOf } from './draft.ts';
import { type EditEvent, type Editing, hasConflict, isDirty } from './editing.ts';
import { type EditorTab, EditorTabs } from './editor-tabs.tsx';
import { type FieldGroup, fieldAt } from './field.ts';
import { type FormView, fieldId } from './field-view.tsx';
import { JsonTab } from './json-tab.tsx';
import { LeaveGuard } from './leave-guard.tsx';
import { LockedPreview } from './locked-preview.tsx';
import type { SettingKind } from './queries.ts';
import { SaveDialog } from './setting-dialogs.tsx';
import { SettingForm } from './setting-form.tsx';
import { checkDraft, type DraftProblem, KINDS } from './setting-kinds.ts';
import { warningsOf } from './warnings.ts';

interface SettingEditorProps {
  readonly kind: SettingKind;
  readonly id: string;
  /** What is wrong with a new one's id. */
  readonly idProblem?: string | undefined;
  readonly groups: readonly FieldGroup[];
  readonly editing: Editing;
  readonly onEvent: (event: EditEvent) => void;
  readonly nowMs: number;
  readonly onSaved: () => void;
}

/** Form and JSON of one draft, what is wrong with it, and the way to save it. */
export function SettingEditor(props: SettingEditorProps) {
  const { kind, id, idProblem, groups, editing, onEvent, nowMs, onSaved } = props;
  const { role } = useOperator();
  const [tab, setTab] = useState<EditorTab>('form');
  const [broken, setBroken] = useState<string | null>(null);
  const [isSaving, setSaving] = useState(false);
  const [refused, setRefused] = useState<DraftProblem | null>(null);
  const [savedVersion, tellSaved] = useReducer((_: number | null, next: number | null) => next, null);
  const { noun, order } = KINDS[kind];
  const isAdmin = role === 'admin';
  const { draft } = editing;
  const { written, problem: found } = checkDraft(kind, draft);
  const problem = found ?? refused;
  const at = problem === null ? null : (fieldAt(groups, problem.path) ?? null);
  const warnings = warningsOf(kind, draft, { id, nowMs });
  const dirty = isDirty(editing) || broken !== null;
  const edit = (next: Draft) => {
    setRefused(null);
    tellSaved(null);
    onEvent({ kind: 'edited', draft: next });
  };
  const settle = (event: EditEvent) => {
    setBroken(null);
    setRefused(null);
    onEvent(event);
  };
  const form: FormView = {
    draft,
    onDraft: edit,
    problem: problem === null || at === null ? null : { ...problem, at: at.path },
    warnings,
  };
  const isNew = editing.base.draft === null;
  const canSave =
    written !== null &&
    broken === null &&
    (dirty || isNew) &&
    idProblem === undefined &&
    !hasConflict(editing);
  return (
    <>
      <LeaveGuard isDirty={dirty} />
      {!isAdmin && (
        <Notice tone="info" title="You can look, not change" testId="viewer-notice">
          {editing.current.draft === null && editing.base.draft !== null
            ? `Somebody deleted this ${noun} meanwhile; this is what it was. `
            : ''}
          Your role is viewer. An admin can change this {noun}, or make an admin of you.
        </Notice>
      )}
      {isAdmin && hasConflict(editing) && (
        <Conflict
          editing={editing}
          noun={noun}
          onTheirs={() => settle({ kind: 'take-theirs' })}
          onMine={() => settle({ kind: 'mine-on-top' })}
        />
      )}
      {isNew && refused?.path === 'baseVersion' && (
        <Notice tone="bad" title={`There is a ${noun} of this name already`} testId="taken">
          <a href={settingPath(kind, id)}>Open it</a>, or take another name.
        </Notice>
      )}
      <EditorTabs tab={tab} onTab={setTab}>
        {tab === 'form' ? (
          <>
            {broken !== null && (
              <Notice tone="warn" title="The JSON tab holds text that is no draft" testId="broken">
                <p>The form shows the last draft that was one.</p>
                <button type="button" onClick={() => setBroken(null)}>
                  Discard that text
                </button>
              </Notice>
            )}
            <SettingForm groups={groups} form={form} disabled={!isAdmin || broken !== null} />
          </>
        ) : (
          <JsonTab
            draft={draft}
            order={order}
            broken={broken}
            disabled={!isAdmin}
            onText={(read) => {
              setBroken('broken' in read ? read.broken : null);
              if ('draft' in read) edit(draftOf(read.draft));
            }}
          />
        )}
      </EditorTabs>
      {kind === 'templates' && <LockedPreview draft={draft} />}
      {isAdmin && (
        <section class="save-bar" aria-label="Save" data-testid="save-bar">
          <p role="status" class="wrap" data-testid="save-state">
            {broken !== null
              ? 'The JSON is none: mend it first.'
              : idProblem !== undefined
                ? idProblem
                : problem !== null
                  ? `${at?.label ?? (problem.path || 'The draft')}: ${problem.words}`
                  : dirty || isNew
                    ? 'Not saved yet.'
                    : savedVersion !== null
                      ? `Saved as version ${savedVersion}.`
                      : 'No changes.'}
          </p>
          <div class="actions">
            {problem !== null && at !== null && (
              <button
                type="button"
                data-testid="go-to-problem"
                onClick={() => {
                  setTab('form');
                  requestAnimationFrame(() => document.getElementById(fieldId(at.path))?.focus());
                }}
              >
                Go to it
              </button>
            )}
            {dirty && !hasConflict(editing) && editing.base.draft !== null && (
              <button type="button" data-testid="discard" onClick={() => settle({ kind: 'take-theirs' })}>
                Discard
              </button>
            )}
            <button
              type="button"
              class="primary"
              disabled={!canSave}
              data-testid="save"
              onClick={() => setSaving(true)}
            >
              Review and save
            </button>
          </div>
        </section>
      )}
      {isSaving && written !== null && (
        <SaveDialog
          kind={kind}
          id={id}
          editing={editing}
          written={written}
          warnings={warnings}
          onSaved={(version, saved) => {
            tellSaved(version);
            onEvent({ kind: 'saved', version, written: saved });
            onSaved();
          }}
          onRefused={setRefused}
          onClose={() => setSaving(false)}
        />
      )}
    </>
  );
}
