import type { Json } from '@livegate/protocol';
import { useId, useState } from 'preact/hooks';
import { CheckList } from './check-list.tsx';
import { type Draft, isSameJson, jsonAt, withJson } from './draft.ts';
import type { Field, Warning } from './field.ts';
import type { DraftProblem } from './setting-kinds.ts';
import { fieldValue, type Shown, shownOf } from './shown.ts';

/** What every field of a form is shown by. */
export interface FormView {
  readonly draft: Draft;
  readonly onDraft: (draft: Draft) => void;
  /** Path of the field that the problem stands at, and its words. */
  readonly problem: (DraftProblem & { readonly at: string }) | null;
  readonly warnings: readonly Warning[];
}

/** Id of a field's element: where focus goes. */
export const fieldId = (path: string): string => `field-${path.replaceAll('.', '-')}`;

/** One field: its name, what it does, its control, and what is wrong with it or to be minded. */
export function FieldView({ field, form }: { readonly field: Field; readonly form: FormView }) {
  const { path, label, help, control, none } = field;
  const { draft, onDraft } = form;
  const helpId = useId();
  const problemId = useId();
  const value = jsonAt(draft, path);
  const isNone = none?.as === 'null' && value === null;
  const problem = form.problem?.at === path ? form.problem : null;
  const set = (next: Json | undefined) => onDraft(withJson(draft, path, next));
  const isGroup = control.kind === 'parts' || control.kind === 'checks';
  const described = problem === null ? helpId : `${helpId} ${problemId}`;

  const body = (
    <>
      <p class="help" id={helpId}>
        {help}
      </p>
      {none?.as === 'null' && (
        <label class="check">
          <input
            type="checkbox"
            checked={isNone}
            data-testid={`none-${path}`}
            aria-label={`${label}: ${none.label}`}
            onChange={(event) => set(event.currentTarget.checked ? null : (none.initial ?? ''))}
          />
          <span>{none.label}</span>
        </label>
      )}
      {!isNone && control.kind === 'parts' && (
        <div class="parts">
          {control.parts.map((part) => (
            <FieldView key={part.path} field={part} form={form} />
          ))}
        </div>
      )}
      {!isNone && control.kind !== 'parts' && (
        <Control field={field} value={value} described={described} isWrong={problem !== null} onValue={set} />
      )}
      <FieldNotes form={form} path={path} problemId={problemId} />
    </>
  );
  const common = { class: problem === null ? 'field' : 'field wrong', 'data-testid': `field-${path}` };
  if (isGroup)
    return (
      <fieldset {...common} id={fieldId(path)} tabIndex={-1} aria-describedby={described}>
        <legend>{label}</legend>
        {body}
      </fieldset>
    );
  return (
    <div {...common}>
      <label class="field-name" for={fieldId(path)}>
        {label}
      </label>
      {body}
    </div>
  );
}

interface FieldNotesProps {
  readonly form: Pick<FormView, 'problem' | 'warnings'>;
  readonly path: string;
  readonly problemId: string;
}

/** What is wrong at a field, and what is to be minded. */
export function FieldNotes({ form, path, problemId }: FieldNotesProps) {
  const problem = form.problem?.at === path ? form.problem : null;
  const warnings = form.warnings.filter((warning) => warning.path === path);
  return (
    <>
      {problem !== null && (
        <p class="field-problem" id={problemId} data-testid={`problem-${path}`}>
          {problem.path === path ? '' : `${problem.path}: `}
          {problem.words}
        </p>
      )}
      {warnings.length > 0 && (
        <ul class="field-warnings" data-testid={`warning-${path}`}>
          {warnings.map(({ words }) => (
            <li key={words}>{words}</li>
          ))}
        </ul>
      )}
    </>
  );
}

interface ControlProps {
  readonly field: Field;
  readonly value: Json | undefined;
  readonly described: string;
  readonly isWrong: boolean;
  readonly onValue: (value: Json | undefined) => void;
}

function Control({ field, value, described, isWrong, onValue }: ControlProps) {
  const { path, control, none } = field;
  const [typed, setTyped] = useState('');
  const shown = shownOf(field, value);
  const write = (next: Shown) => onValue(fieldValue(field, next));
  const common = {
    id: fieldId(path),
    'aria-describedby': described,
    'aria-invalid': isWrong ? ('true' as const) : undefined,
    'data-testid': `input-${path}`,
  };
  if (shown === null)
    return (
      <p class="muted" id={common.id} tabIndex={-1} data-testid={`unshown-${path}`}>
        It holds more than this form can show: change it in the JSON tab.
      </p>
    );
  const text = shown.kind === 'text' ? shown.text : '';
  const tick = (words: string) => (
    <span class="check">
      <input
        {...common}
        type="checkbox"
        checked={shown.kind === 'flag' && shown.on}
        onChange={(event) => write({ kind: 'flag', on: event.currentTarget.checked })}
      />
      <label for={common.id}>{words}</label>
    </span>
  );
  switch (control.kind) {
    case 'flag':
      if (none !== undefined)
        return (
          <select
            {...common}
            value={shown.kind === 'flag' ? String(shown.on) : ''}
            onChange={({ currentTarget: { value: chosen } }) =>
              write(chosen === '' ? { kind: 'none' } : { kind: 'flag', on: chosen === 'true' })
            }
          >
            <option value="">{none.label}</option>
            <option value="true">Yes</option>
            <option value="false">No</option>
          </select>
        );
      return tick(control.label);
    case 'mark':
      return tick(control.label);
    case 'choice': {
      const isUnknown = text !== '' && !control.options.some((option) => option.value === text);
      return (
        <select
          {...common}
          value={text}
          onChange={(event) => write({ kind: 'text', text: event.currentTarget.value })}
        >
          {(none !== undefined || text === '') && <option value="">{none?.label ?? 'Choose'}</option>}
          {control.options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.label}
            </option>
          ))}
          {isUnknown && <option value={text}>{text}</option>}
        </select>
      );
    }
    case 'checks':
      return <CheckList field={field} control={control} shown={shown} onShown={write} />;
    case 'parts':
      return null;
    default: {
      // What was typed stays as it was typed as long as it means what stands in the draft.
      const isTyped = isSameJson(fieldValue(field, { kind: 'text', text: typed }) ?? null, value ?? null);
      const isLong = control.kind === 'json' || control.kind === 'texts';
      const onInput = ({ currentTarget }: { readonly currentTarget: { readonly value: string } }) => {
        setTyped(currentTarget.value);
        write({ kind: 'text', text: currentTarget.value });
      };
      const whole = { ...common, value: isTyped ? typed : text, onInput, placeholder: none?.label };
      if (isLong)
        return (
          <textarea
            {...whole}
            class="mono"
            rows={Math.min(16, Math.max(2, whole.value.split('\n').length + 1))}
            spellcheck={false}
          />
        );
      const unit = 'unit' in control ? control.unit : undefined;
      const suggestions = control.kind === 'text' ? control.suggestions : undefined;
      const isDate =
        control.kind === 'text' && control.input === 'date' && /^(\d{4}-\d{2}-\d{2})?$/.test(text);
      return (
        <span class="with-unit">
          <input
            {...whole}
            type={isDate ? 'date' : 'text'}
            inputMode={control.kind === 'number' ? 'decimal' : undefined}
            list={suggestions === undefined ? undefined : `${common.id}-list`}
            autocomplete="off"
          />
          {unit !== undefined && <span class="unit">{unit}</span>}
          {suggestions !== undefined && (
            <datalist id={`${common.id}-list`}>
              {suggestions.map((each) => (
                <option key={each} value={each} />
              ))}
            </datalist>
          )}
        </span>
      );
    }
  }
}
