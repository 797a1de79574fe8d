import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';

interface DialogProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ComponentChildren;
  readonly testId?: string;
  readonly wide?: boolean;
  /** Something is under way that is not to be left: Escape and the cross do nothing meanwhile. */
  readonly busy?: boolean;
}

/** A modal dialog: the browser's own, so that focus, Escape and what lies behind behave as people expect. */
export function Dialog({ title, onClose, children, testId, wide = false, busy = false }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  useEffect(() => {
    const element = dialog.current;
    // What opened it has the focus again when it is gone.
    const opener = document.activeElement;
    element?.showModal();
    return () => {
      element?.close();
      if (opener instanceof HTMLElement) opener.focus();
    };
  }, []);
  return (
    <dialog
      ref={dialog}
      class={wide ? 'dialog wide' : 'dialog'}
      aria-labelledby={titleId}
      data-testid={testId}
      onCancel={(event) => {
        event.preventDefault();
        if (!busy) onClose();
      }}
      onClose={() => {
        // The browser closes it at a second Escape, whatever was said to the first. One that is gone closed itself.
        if (busy) dialog.current?.showModal();
        else if (dialog.current !== null) onClose();
      }}
    >
      <header class="dialog-top">
        <h2 id={titleId}>{title}</h2>
        <button
          type="button"
          class="plain"
          aria-label="Close"
          data-testid="dialog-close"
          disabled={busy}
          onClick={onClose}
        >
          ✕
        </button>
      </header>
      {children}
    </dialog>
  );
}
