import { useEffect, useRef } from 'preact/hooks';
import { watchTalkKey } from '../push-to-talk.ts';

interface HoldButtonProps {
  readonly held: boolean;
  readonly onHold: (held: boolean) => void;
}

/** The button of push-to-talk: held by pointer, by a key on it, or by the space bar anywhere on the page. */
export function HoldButton({ held, onHold }: HoldButtonProps) {
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => watchTalkKey(onHold), [onHold]);
  // Or the space bar would press the button that started the talk, and end it.
  useEffect(() => button.current?.focus(), []);
  return (
    <button
      ref={button}
      type="button"
      class="hold"
      data-testid="hold"
      aria-pressed={held}
      onPointerDown={(event) => {
        if (event.button !== 0) return;
        // The finger may slide off; the button is held until it is lifted.
        event.currentTarget.setPointerCapture(event.pointerId);
        onHold(true);
      }}
      onPointerUp={() => onHold(false)}
      onPointerCancel={() => onHold(false)}
      onBlur={() => held && onHold(false)}
      onContextMenu={(event) => event.preventDefault()}
      onKeyDown={({ code, repeat }) => isPress(code) && !repeat && onHold(true)}
      onKeyUp={({ code }) => isPress(code) && onHold(false)}
    >
      {held ? 'Listening while you hold' : 'Hold to talk'}
      <span class="hint" aria-hidden="true">
        or hold the space bar
      </span>
    </button>
  );
}

function isPress(code: string): boolean {
  return code === 'Space' || code === 'Enter';
}
