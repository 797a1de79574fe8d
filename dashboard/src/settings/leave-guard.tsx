import { useEffect, useRef, useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { Dialog } from '../views/dialog.tsx';

/** Asks before unsaved changes are lost: at links, at back and forward, and where the page itself is left. */
export function LeaveGuard({ isDirty }: { readonly isDirty: boolean }) {
  const { route } = useLocation();
  const [to, setTo] = useState<string | null>(null);
  const here = useRef(location.pathname + location.search);
  useEffect(() => {
    if (!isDirty) return;
    const onClick = (event: MouseEvent) => {
      if (event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
      const link = event.composedPath().find((each) => each instanceof HTMLAnchorElement);
      if (link === undefined || link.origin !== location.origin || link.target !== '') return;
      if (link.getAttribute('href')?.startsWith('#')) return;
      // Before the router sees it.
      event.preventDefault();
      event.stopPropagation();
      setTo(link.pathname + link.search);
    };
    const onBack = (event: PopStateEvent) => {
      event.stopImmediatePropagation();
      const asked = location.pathname + location.search;
      history.pushState(null, '', here.current);
      setTo(asked);
    };
    const onUnload = (event: BeforeUnloadEvent) => event.preventDefault();
    document.addEventListener('click', onClick, { capture: true });
    addEventListener('popstate', onBack, { capture: true });
    addEventListener('beforeunload', onUnload);
    return () => {
      document.removeEventListener('click', onClick, { capture: true });
      removeEventListener('popstate', onBack, { capture: true });
      removeEventListener('beforeunload', onUnload);
    };
  }, [isDirty]);
  if (to === null) return null;
  return (
    <Dialog title="Leave without saving?" testId="leave-dialog" onClose={() => setTo(null)}>
      <div class="dialog-form">
        <p>Your changes are not saved. They are lost when you leave.</p>
        <div class="actions">
          <button type="button" class="primary" data-testid="leave-stay" onClick={() => setTo(null)}>
            Stay
          </button>
          <button type="button" class="danger" data-testid="leave-go" onClick={() => route(to)}>
            Leave and lose them
          </button>
        </div>
      </div>
    </Dialog>
  );
}
