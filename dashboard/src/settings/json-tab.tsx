import { useState } from 'preact/hooks';
import { type Draft, draftFrom, draftText, isSameJson } from './draft.ts';

interface JsonTabProps {
  readonly draft: Draft;
  readonly order: readonly string[];
  /** Text that is no draft; it waits here while another tab is open. */
  readonly broken: string | null;
  readonly disabled: boolean;
  /** A draft, or text that is none. */
  readonly onText: (read: { readonly draft: Draft } | { readonly broken: string }) => void;
}

/** The whole draft as text: what no form shows stands here too. */
export function JsonTab({ draft, order, broken, disabled, onText }: JsonTabProps) {
  const [typed, setTyped] = useState(broken ?? '');
  const read = draftFrom(typed);
  const isTyped = broken !== null ? broken === typed : 'draft' in read && isSameJson(read.draft, draft);
  const text = isTyped ? typed : (broken ?? draftText(draft, order));
  const problem = broken === null ? null : draftFrom(broken);
  return (
    <div class={problem === null ? 'field' : 'field wrong'}>
      <label class="field-name" for="setting-json">
        The draft as JSON
      </label>
      <p class="help" id="json-help">
        Without <code>v</code> and <code>version</code>: the server sets them.
      </p>
      <textarea
        id="setting-json"
        class="mono json"
        rows={28}
        spellcheck={false}
        readOnly={disabled}
        aria-describedby={problem === null ? 'json-help' : 'json-help json-problem'}
        aria-invalid={problem === null ? undefined : 'true'}
        data-testid="json"
        value={text}
        onInput={({ currentTarget: { value } }) => {
          setTyped(value);
          const next = draftFrom(value);
          onText('draft' in next ? next : { broken: value });
        }}
      />
      {problem !== null && 'problem' in problem && (
        <p class="field-problem" id="json-problem" data-testid="json-problem">
          {problem.problem}
        </p>
      )}
    </div>
  );
}
