import { useState } from 'preact/hooks';

interface TextFormProps {
  readonly enabled: boolean;
  readonly onSend: (text: string) => void;
}

/** A line to type instead of saying it. */
export function TextForm({ enabled, onSend }: TextFormProps) {
  const [text, setText] = useState('');
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
        type="text"
        aria-label="Message"
        placeholder={enabled ? 'Type a message' : 'Start talking to type as well'}
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
