import type { ComponentChildren } from 'preact';
import { useRef, useState } from 'preact/hooks';
import { ActError } from '../acts.ts';
import { Dialog } from './dialog.tsx';
import { Notice } from './notice.tsx';

interface ActDialogProps {
  readonly title: string;
  /** Words of the button that does it: `End the session`. */
  readonly verb: string;
  /** What will happen, and what will not. */
  readonly children: ComponentChildren;
  /** Does it, with why; rejects with an {@link ActError}. The dialog closes when it resolves. */
  readonly onAct: (reason: string) => Promise<void>;
  readonly onClose: () => void;
  readonly dangerous?: boolean;
  /** False while what stands in the dialog is not complete. */
  readonly ready?: boolean;
  readonly testId: string;
  readonly wide?: boolean;
}

/** Asks before an act: what it does, why it is done (that stands in the audit), and what went wrong if something did. */
export function ActDialog(props: ActDialogProps) {
  const { title, verb, children, onAct, onClose, dangerous = false, ready = true, testId, wide } = props;
  const [reason, setReason] = useState('');
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const isUnderWay = useRef(false);
  const act = async () => {
    // A second click may come before the button knows of the first.
    if (isUnderWay.current) return;
    isUnderWay.current = true;
    setBusy(true);
    setProblem(null);
    try {
      await onAct(reason.trim());
      onClose();
    } catch (error) {
      setProblem(error instanceof ActError ? error.message : 'The act failed. Look whether it happened.');
      setBusy(false);
      isUnderWay.current = false;
    }
  };
  return (
    <Dialog
      title={title}
      onClose={onClose}
      testId={testId}
      busy={busy}
      {...(wide === undefined ? {} : { wide })}
    >
      <form
        class="dialog-form"
        onSubmit={(event) => {
          event.preventDefault();
          void act();
        }}
      >
        <div class="dialog-text">{children}</div>
        <label>
          Why? It stands in the audit.
          <input
            type="text"
            maxLength={500}
            value={reason}
            data-testid="act-reason"
            onInput={(event) => setReason(event.currentTarget.value)}
          />
        </label>
        {problem !== null && (
          <Notice tone="bad" title="Not done" testId="act-problem">
            {problem}
          </Notice>
        )}
        <div class="actions">
          <button
            type="submit"
            class={dangerous ? 'danger' : 'primary'}
            disabled={busy || !ready}
            data-testid="act-confirm"
          >
            {busy ? 'Doing it…' : verb}
          </button>
          <button type="button" disabled={busy} data-testid="act-cancel" onClick={onClose}>
            Cancel
          </button>
        </div>
      </form>
    </Dialog>
  );
}
