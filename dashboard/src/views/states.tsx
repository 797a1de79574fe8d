import type { ComponentChildren } from 'preact';
import type { Watching } from '../use-watched.ts';
import { Notice } from './notice.tsx';

interface StatesProps<T> {
  readonly of: Watching<T>;
  /** What is watched, for the sentences: `sessions`. */
  readonly noun: string;
  /** Before the test ids of the states: `<testId>-loading`, `-empty`, `-offline`, `-error`. */
  readonly testId: string;
  readonly isEmpty?: (value: T) => boolean;
  /** What stands where there is nothing: a title and a sentence on how that changes. */
  readonly empty?: { readonly title: string; readonly text: string };
  readonly children: (value: T) => ComponentChildren;
}

/** Shows what is watched in each of its states: loading, offline, failed, empty, and as `children` says. */
export function States<T>({ of, noun, testId, isEmpty, empty, children }: StatesProps<T>) {
  const { watched, retry } = of;
  if (watched.kind === 'loading')
    return (
      <div class="blank" role="status" aria-busy="true" data-testid={`${testId}-loading`}>
        <p>
          {watched.offline ? 'Firestore cannot be reached. Waiting for the connection…' : `Loading ${noun}…`}
        </p>
      </div>
    );
  if (watched.kind === 'failed')
    return (
      <Notice tone="bad" title={`The ${noun} cannot be shown`} testId={`${testId}-error`}>
        <p>{watched.problem}</p>
        <button type="button" onClick={retry}>
          Try again
        </button>
      </Notice>
    );
  return (
    <>
      {watched.offline && (
        <Notice tone="warn" title="Offline" testId={`${testId}-offline`}>
          Firestore cannot be reached. These are the last figures known; the page catches up by itself.
        </Notice>
      )}
      {empty !== undefined && isEmpty?.(watched.value) ? (
        <div class="blank" data-testid={`${testId}-empty`}>
          <p class="blank-title">{empty.title}</p>
          <p class="muted">{empty.text}</p>
        </div>
      ) : (
        children(watched.value)
      )}
    </>
  );
}
