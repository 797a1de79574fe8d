/**
 * What becomes of a conversation while its page is out of sight, and of the screen while it goes on.
 * @module
 */
import type { AudioHost } from './audio-host.ts';

/** What {@link watchPage} takes. */
export interface PageWatch {
  readonly host: Pick<AudioHost, 'page' | 'isHidden' | 'keepScreenOn'>;
  /** Keep the screen from going dark while the page is seen. */
  readonly keepAwake: boolean;
  /** Hears `true` when the page is hidden, `false` when it is seen again; not told what it is at first, if seen. */
  readonly onHidden: (isHidden: boolean) => void;
}

/**
 * Watches the page until the answer is called. A browser takes a wake lock away whenever the page is hidden, so it is
 * asked for anew; one that has none, or refuses it for the battery's sake, lets the screen go dark: no failure.
 */
export function watchPage({ host, keepAwake, onHidden }: PageWatch): () => void {
  // Each look ends the lock before it, also one that the browser has not given yet.
  let turn = 0;
  let release = (): void => {};
  const lock = (): void => {
    release();
    release = () => {};
    const mine = ++turn;
    if (!keepAwake || host.isHidden()) return;
    host
      .keepScreenOn()
      .then((held) => {
        const letGo = (): void => void held?.release().catch(() => {});
        if (mine === turn) release = letGo;
        else letGo();
      })
      .catch(() => {});
  };
  const look = (): void => {
    onHidden(host.isHidden());
    lock();
  };
  host.page.addEventListener('visibilitychange', look);
  if (host.isHidden()) onHidden(true);
  lock();
  return () => {
    host.page.removeEventListener('visibilitychange', look);
    turn++;
    release();
  };
}
