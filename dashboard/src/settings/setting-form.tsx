import type { FieldGroup } from './field.ts';
import { FieldView, type FormView } from './field-view.tsx';
import { Instruction } from './instruction.tsx';
import { INSTRUCTION_PATH, VARIABLES_PATH } from './template-fields.ts';
import { Variables } from './variables.tsx';

interface SettingFormProps {
  readonly groups: readonly FieldGroup[];
  readonly form: FormView;
  /** Shown, not edited. */
  readonly disabled: boolean;
}

/** The form of a setting, one card for each group of fields. */
export function SettingForm({ groups, form, disabled }: SettingFormProps) {
  return (
    <fieldset class="setting-form" disabled={disabled} data-testid="setting-form">
      <legend class="unseen">Fields</legend>
      {groups.map(({ id, title, fields }) => (
        <section key={id} class="card group" aria-labelledby={`group-${id}`}>
          <h2 id={`group-${id}`}>{title}</h2>
          <div class="fields">
            {fields.map((field) => {
              if (field.path === INSTRUCTION_PATH)
                return <Instruction key={field.path} field={field} form={form} />;
              if (field.path === VARIABLES_PATH)
                return <Variables key={field.path} field={field} form={form} />;
              return <FieldView key={field.path} field={field} form={form} />;
            })}
          </div>
        </section>
      ))}
    </fieldset>
  );
}
