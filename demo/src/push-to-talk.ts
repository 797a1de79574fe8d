/**
 * The space bar as the button of push-to-talk, where nothing else wants it.
 * @module
 */

/** What of a key's event decides. */
export interface KeyPress {
  readonly code: string;
  readonly hasModifier: boolean;
  /** What has the focus takes the space bar itself: a field, a button, a choice, a link. */
  readonly isTaken: boolean;
}

/** Elements that a space bar means something to. */
const TAKERS = 'input, textarea, select, button, a, summary, meter, [contenteditable], [role="button"]';

/** Whether this key is the button of push-to-talk. */
export function isTalkKey({ code, hasModifier, isTaken }: KeyPress): boolean {
  return code === 'Space' && !hasModifier && !isTaken;
}

/**
 * Tells when the space bar is held and let go, until the answer is called. A page that loses the focus or is hidden
 * lets go: the key would come up unseen.
 */
export function watchTalkKey(tell: (held: boolean) => void): () => void {
  const stop = new AbortController();
  const { signal } = stop;
  let isHeld = false;
  const hold = (held: boolean): void => {
    if (held !== isHeld) tell(held);
    isHeld = held;
  };
  const down = (event: KeyboardEvent): void => {
    if (!isTalkKey(pressOf(event))) return;
    // Or the page would scroll.
    event.preventDefault();
    if (!event.repeat) hold(true);
  };
  addEventListener('keydown', down, { signal });
  addEventListener('keyup', ({ code }) => code === 'Space' && hold(false), { signal });
  addEventListener('blur', () => hold(false), { signal });
  document.addEventListener('visibilitychange', () => document.hidden && hold(false), { signal });
  return () => {
    stop.abort();
    hold(false);
  };
}

function pressOf({ code, altKey, ctrlKey, metaKey, shiftKey, target }: KeyboardEvent): KeyPress {
  return {
    code,

    hasModifier: altKey || ctrlKey || metaKey || shiftKey,
    isTaken: target instanceof Element && target.closest(TAKERS) !== null,
  };
}
