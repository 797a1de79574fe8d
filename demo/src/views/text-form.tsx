import { useEffect, useRef, useState } from 'preact/hooks';

interface TextFormProps {
  readonly enabled: boolean;
  /** Typing is all there is: takes the focus, once it can. */
  readonly wantsFocus: boolean;
  readonly onSend: (text: string) => void;
}

/** A line to type instead of saying it. */
export function TextForm({ enabled, wantsFocus, onSend }: TextFormProps) {
  const [text, setText] = useState('');
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (enabled && wantsFocus) input.current?.focus();
  }, [enabled, wantsFocus]);
  return (
    <form
      class="text-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (text.trim() === '') return;
        onSend(text.trim());
        setText('');
      }}
    >
      <input
        ref={input}
        type="text"
        aria-label="Message"
        placeholder={enabled ? 'Type a message' : 'Start to type as well'}
        autocomplete="off"
        data-testid="text-input"
        disabled={!enabled}
        value={text}
        onInput={(event) => setText(event.currentTarget.value)}
      />
      <button type="submit" data-testid="text-send" disabled={!enabled || text.trim() === ''}>
        Send
      </button>
    </form>
  );
}
