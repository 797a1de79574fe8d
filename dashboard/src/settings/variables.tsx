import type { JsonObject } from '@livegate/protocol';
import { useId } from 'preact/hooks';
import type { Field } from './field.ts';
import { FieldNotes, FieldView, type FormView, fieldId } from './field-view.tsx';
import { NEW_VARIABLE, type VariableRow, variableRows, withVariable } from './template-text.ts';

const partsOf = (name: string): readonly Field[] => [
  {
    path: `variables.${name}.maxLength`,
    label: 'Longest value',
    help: 'Characters of a value, 1 to 2,000.',
    control: { kind: 'number', unit: 'characters' },
  },
  {
    path: `variables.${name}.oneOf`,
    label: 'Only these values',
    help: 'One a line; they stand in the instruction plainly.',
    control: { kind: 'texts' },
    none: { as: 'absent', label: 'Any value' },
  },
  {
    path: `variables.${name}.default`,
    label: 'Default',
    help: 'Without it a page must give a value.',
    control: { kind: 'text' },
    none: { as: 'absent', label: 'None: a page must give it' },
  },
  {
    path: `variables.${name}.description`,
    label: 'Description',
    help: 'For people.',
    control: { kind: 'text' },
    none: { as: 'absent', label: 'None' },
  },
];

/** The variables of a template: declared ones with their bounds, and used ones that want a declaration. */
export function Variables({ field, form }: { readonly field: Field; readonly form: FormView }) {
  const rows = variableRows(form.draft);
  const declare = (name: string, value: JsonObject | null) =>
    form.onDraft(withVariable(form.draft, name, value));
  const problemId = useId();
  return (
    <div class="field" id={fieldId(field.path)} tabIndex={-1} data-testid={`field-${field.path}`}>
      <p class="help">{field.help}</p>
      {rows.length === 0 && (
        <p class="muted">
          None. Write <code>{'{{name}}'}</code> into the instruction to have one.
        </p>
      )}
      {rows.map((row) => (
        <Variable key={row.name} row={row} form={form} onDeclare={declare} />
      ))}
      <FieldNotes form={form} path={field.path} problemId={problemId} />
    </div>
  );
}

interface VariableProps {
  readonly row: VariableRow;
  readonly form: FormView;
  readonly onDeclare: (name: string, value: JsonObject | null) => void;
}

function Variable({ row: { name, declared, isUsed }, form: whole, onDeclare }: VariableProps) {
  const { problem } = whole;
  // Of a variable's own fields this table knows, the form's list does not.
  const isOwn = problem?.path.startsWith(`variables.${name}.`) === true;
  const form = {
    ...whole,
    problem: problem !== null && isOwn ? { ...problem, at: problem.path.replace(/\[.*$/, '') } : problem,
  };
  return (
    <fieldset class="variable" data-testid={`variable-${name}`}>
      <legend class="mono">{`{{${name}}}`}</legend>
      {!isUsed && <p class="field-problem">The instruction does not use it: use it there, or remove it.</p>}
      {declared === null ? (
        <p>
          It is used and not declared.{' '}
          <button type="button" data-testid={`declare-${name}`} onClick={() => onDeclare(name, NEW_VARIABLE)}>
            Declare {name}
          </button>
        </p>
      ) : (
        <>
          <div class="parts">
            {partsOf(name).map((part) => (
              <FieldView key={part.path} field={part} form={form} />
            ))}
          </div>
          <button type="button" class="small" onClick={() => onDeclare(name, null)}>
            Remove {name}
          </button>
        </>
      )}
    </fieldset>
  );
}
