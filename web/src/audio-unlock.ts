/**
 * Keeps an audio context running where browsers stop it: before the page was touched, and after a telephone call.
 * @module
 */
import type { AudioHost } from './audio-host.ts';

/** A context that needs longer than this to run is held back by the browser, in ms. Ours. */
const PATIENCE_MS = 500;
const GESTURES = ['pointerdown', 'pointerup', 'keydown', 'touchend'] as const;

/**
 * Asks the context to run, now and at every gesture while it does not. Waits for nothing: a browser that wants a
 * gesture first leaves `resume()` pending for ever. `onBlocked` hears `true` when it is held back and `false` when
 * it runs again. The answer stops all this.
 */
export function keepRunning(
  context: AudioContext,
  options: {
    readonly host: Pick<AudioHost, 'gestures' | 'after'>;
    readonly onBlocked: (isBlocked: boolean) => void;
  },
): () => void {
  const { host, onBlocked } = options;
  let isBlocked = false;
  let forget = (): void => {};

  const tell = (blocked: boolean): void => {
    if (blocked === isBlocked) return;
    isBlocked = blocked;
    onBlocked(blocked);
  };
  const wake = (): void => {
    if (context.state !== 'running' && context.state !== 'closed') context.resume().catch(() => {});
  };
  const look = (): void => {
    forget();
    if (context.state === 'running') tell(false);
    else if (context.state !== 'closed') forget = host.after(PATIENCE_MS, () => tell(true));
  };

  context.addEventListener('statechange', look);
  for (const gesture of GESTURES) host.gestures.addEventListener(gesture, wake);
  look();
  wake();
  return () => {
    forget();
    context.removeEventListener('statechange', look);
    for (const gesture of GESTURES) host.gestures.removeEventListener(gesture, wake);
  };
}
