import { useRef } from 'preact/hooks';
import { ActError } from '../acts.ts';
import { useOperator } from '../operator.ts';
import { useDocument } from '../use-watched.ts';
import { ActDialog } from '../views/act-dialog.tsx';
import { DiffView } from '../views/diff-view.tsx';
import { Notice } from '../views/notice.tsx';
import { States } from '../views/states.tsx';
import type { Draft } from './draft.ts';
import { type Editing, hasConflict } from './editing.ts';
import type { Warning } from './field.ts';
import { type SettingKind, settingDocument } from './queries.ts';
import { type DraftProblem, KINDS } from './setting-kinds.ts';
import { fallbackWords } from './version-entries.ts';

interface SaveDialogProps {
  readonly kind: SettingKind;
  readonly id: string;
  readonly editing: Editing;
  /** As it will be stored. */
  readonly written: Draft;
  readonly warnings: readonly Warning[];
  readonly onSaved: (version: number, written: Draft) => void;
  /** What the functions refused; the dialog says it too. */
  readonly onRefused: (problem: DraftProblem) => void;
  readonly onClose: () => void;
}

/** Shows what a save changes, takes why, and saves. */
export function SaveDialog(props: SaveDialogProps) {
  const { kind, id, editing, written, warnings, onSaved, onRefused, onClose } = props;
  const { acts } = useOperator();
  const { noun } = KINDS[kind];
  // What was asked about is what is saved, whatever is told meanwhile.
  const asked = useRef({ base: editing.base, written });
  const { base, written: shown } = asked.current;
  const isNew = base.draft === null;
  const save = async (reason: string) => {
    const order = { baseVersion: base.version, reason };
    try {
      const { version } =
        kind === 'policies'
          ? await acts.call('setLivePolicy', { ...order, id, policy: shown })
          : kind === 'templates'
            ? await acts.call('setLiveTemplate', { ...order, id, template: shown })
            : await acts.call('setLivePrice', { ...order, model: id, price: shown });
      onSaved(version ?? base.version + 1, shown);
    } catch (error) {
      if (error instanceof ActError) onRefused({ path: error.field ?? '', words: error.message });
      throw error;
    }
  };
  return (
    <ActDialog
      title={isNew ? `Write the ${noun} ${id}?` : `Save the ${noun} ${id}?`}
      verb="Save"
      wide
      ready={!hasConflict(editing)}
      testId="save-dialog"
      onAct={save}
      onClose={onClose}
    >
      {hasConflict(editing) && (
        <Notice tone="warn" title="Somebody else saved it meanwhile" testId="save-conflict">
          Close this to see what they changed; your draft stays.
        </Notice>
      )}
      <DiffView before={base.draft} after={shown} testId="save-diff" />
      {warnings.length > 0 && (
        <Notice tone="warn" title="Mind before you save" testId="save-warnings">
          <ul>
            {warnings.map(({ path, words }) => (
              <li key={`${path} ${words}`}>
                <code>{path}</code>: {words}
              </li>
            ))}
          </ul>
        </Notice>
      )}
      <p class="muted">It counts within a minute: the functions believe what they read for so long.</p>
    </ActDialog>
  );
}

interface DeleteDialogProps {
  readonly id: string;
  readonly baseVersion: number;
  readonly onDeleted: () => void;
  readonly onClose: () => void;
}

/** Says who falls back to what, takes why, and deletes a policy. */
export function DeletePolicyDialog({ id, baseVersion, onDeleted, onClose }: DeleteDialogProps) {
  const { acts, db } = useOperator();
  const fallback = useDocument(
    'fallback',
    () => settingDocument(db, 'policies', 'default'),
    () => true,
  );
  return (
    <ActDialog
      title={`Delete the policy ${id}?`}
      verb="Delete it"
      dangerous
      testId="delete-dialog"
      ready={fallback.watched.kind === 'ready'}
      onAct={async (reason) => {
        await acts.call('setLivePolicy', { id, baseVersion, reason });
        onDeleted();
      }}
      onClose={onClose}
    >
      <States of={fallback} noun="policy default" testId="fallback">
        {(hasDefault) => (
          <>
            {fallbackWords(id, hasDefault === true).map((words) => (
              <p key={words}>{words}</p>
            ))}
            <p>
              Sessions keep their figures. The audit keeps the policy, and an admin can restore it from there.
            </p>
          </>
        )}
      </States>
    </ActDialog>
  );
}
