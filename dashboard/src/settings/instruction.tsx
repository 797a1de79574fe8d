import { useId, useRef } from 'preact/hooks';
import type { Field } from './field.ts';
import { FieldNotes, type FormView, fieldId } from './field-view.tsx';
import { instructionOf, stretches, withInstruction } from './template-text.ts';

/** The instruction of a template, one area for each of its texts, with its variables marked. */
export function Instruction({ field, form }: { readonly field: Field; readonly form: FormView }) {
  const { draft, onDraft, problem } = form;
  const { texts, others } = instructionOf(draft);
  const helpId = useId();
  const problemId = useId();
  return (
    <div class={problem?.at === field.path ? 'field wrong' : 'field'} data-testid={`field-${field.path}`}>
      <p class="help" id={helpId}>
        {field.help}
      </p>
      {texts.map(({ part, text }, place) => (
        <MarkedArea
          key={part ?? 'whole'}
          id={place === 0 ? fieldId(field.path) : `${fieldId(field.path)}-${place}`}
          name={texts.length === 1 ? field.label : `${field.label}, part ${place + 1}`}
          described={helpId}
          text={text}
          onText={(next) => onDraft(withInstruction(draft, part, next))}
        />
      ))}
      {others > 0 && (
        <p class="muted">
          {others === 1 ? 'One more part is' : `${others} more parts are`} no text: see the JSON tab.
        </p>
      )}
      <FieldNotes form={form} path={field.path} problemId={problemId} />
    </div>
  );
}

interface MarkedAreaProps {
  readonly id: string;
  readonly name: string;
  readonly described: string;
  readonly text: string;
  readonly onText: (text: string) => void;
}

/** A text area over the same text, in which variables are marked. */
function MarkedArea({ id, name, described, text, onText }: MarkedAreaProps) {
  const marks = useRef<HTMLDivElement>(null);
  return (
    <div class="marked">
      <div class="marks" ref={marks} aria-hidden="true">
        {stretches(text).map((stretch, place) =>
          stretch.variable === null ? stretch.text : <mark key={place}>{stretch.text}</mark>,
        )}
        {'\n'}
      </div>
      <textarea
        id={id}
        aria-label={name}
        aria-describedby={described}
        rows={8}
        value={text}
        data-testid={id}
        onInput={(event) => onText(event.currentTarget.value)}
        onScroll={({ currentTarget }) => {
          if (marks.current !== null) marks.current.scrollTop = currentTarget.scrollTop;
        }}
      />
    </div>
  );
}
