import { developerModels } from '@livegate/protocol';
import type { ComponentChildren } from 'preact';
import { useId, useState } from 'preact/hooks';
import { reasonAgainst, reasonAgainstSort } from './filter-policy.ts';
import { FIELD_NAMES, isFiltered, SORT_NAMES } from './filter-words.ts';
import {
  ALL_SESSIONS,
  BACKENDS,
  FILTER_FIELDS,
  type FilterField,
  FLAGS,
  SESSION_STATES,
  type SessionFilter,
  SORTS,
  withField,
} from './session-filter.ts';

interface FilterFormProps {
  readonly filter: SessionFilter;
  readonly onChoose: (filter: SessionFilter) => void;
}

const CHOICES = {
  state: SESSION_STATES,
  backend: BACKENDS,
  flag: FLAGS,
} as const satisfies { readonly [K in FilterField]?: readonly string[] };

const INPUT_TYPES = { from: 'date', to: 'date', day: 'date', costFrom: 'number' } as const;

/** The filter. What cannot be combined with what is chosen is grey, and says why. */
export function FilterForm({ filter, onChoose }: FilterFormProps) {
  const models = useId();
  // On a phone it would stand before the list like a wall.
  const [isOpen, setOpen] = useState(() => window.matchMedia('(min-width: 40rem)').matches);
  const chosen = FILTER_FIELDS.filter((field) => filter[field] !== undefined).length;
  const reasons = new Map<string, string[]>();
  const note = (what: string, why: string | undefined): string | undefined => {
    if (why !== undefined) reasons.set(why, [...(reasons.get(why) ?? []), what]);
    return why;
  };
  const fields = FILTER_FIELDS.map((field) => (
    <Field
      key={field}
      field={field}
      filter={filter}
      models={models}
      why={note(FIELD_NAMES[field], reasonAgainst(filter, field))}
      onChoose={onChoose}
    />
  ));
  const sorts = SORTS.map((sort) => (
    <option
      key={sort}
      value={sort}
      disabled={note(SORT_NAMES[sort], reasonAgainstSort(filter, sort)) !== undefined}
    >
      {SORT_NAMES[sort]}
    </option>
  ));
  return (
    <form
      class="filter"
      aria-label="Filter sessions"
      data-testid="filter"
      onSubmit={(event) => event.preventDefault()}
    >
      <details open={isOpen} onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary>{chosen === 0 ? 'Filter' : `Filter: ${chosen} chosen`}</summary>
        <div class="choices">
          {fields}
          <label class="choice">
            Order
            <select
              data-testid="filter-sort"
              value={filter.sort}
              onChange={(event) => onChoose(withField(filter, 'sort', event.currentTarget.value))}
            >
              {sorts}
            </select>
          </label>
          {(isFiltered(filter) || filter.sort !== 'newest') && (
            <button type="button" data-testid="filter-clear" onClick={() => onChoose(ALL_SESSIONS)}>
              Clear all
            </button>
          )}
        </div>
        <datalist id={models}>
          {developerModels().map((model) => (
            <option key={model} value={model} />
          ))}
        </datalist>
        {isOpen && reasons.size > 0 && (
          <ul class="muted note greyed" data-testid="filter-greyed">
            {[...reasons].map(([why, what]) => (
              <li key={why}>
                {what.join(', ')}: {why}
              </li>
            ))}
          </ul>
        )}
      </details>
    </form>
  );
}

interface FieldProps extends FilterFormProps {
  readonly field: FilterField;
  readonly models: string;
  /** Why it cannot be chosen. */
  readonly why: string | undefined;
}

function Field({ field, filter, models, why, onChoose }: FieldProps) {
  const id = useId();
  const value = filter[field] === undefined ? '' : String(filter[field]);
  const common = {
    id,
    disabled: why !== undefined,
    'aria-describedby': why === undefined ? undefined : `${id}-why`,
    'data-testid': `filter-${field}`,
    onChange: (event: { readonly currentTarget: HTMLInputElement | HTMLSelectElement }) =>
      onChoose(withField(filter, field, event.currentTarget.value)),
  };
  const choices: readonly string[] | undefined =
    field in CHOICES ? CHOICES[field as keyof typeof CHOICES] : undefined;
  let control: ComponentChildren;
  if (choices !== undefined)
    control = (
      <select {...common} value={value}>
        <option value="">any</option>
        {choices.map((each) => (
          <option key={each} value={each}>
            {each}
          </option>
        ))}
      </select>
    );
  else
    control = (
      <input
        // Another address brings another value; what is being typed stays.
        key={value}
        {...common}
        type={field in INPUT_TYPES ? INPUT_TYPES[field as keyof typeof INPUT_TYPES] : 'text'}
        defaultValue={value}
        {...(field === 'costFrom' ? { min: 0, step: 'any', inputMode: 'decimal' } : { maxLength: 128 })}
        {...(field === 'model' ? { list: models } : {})}
        placeholder={field === 'templateId' ? 'id, or - for none' : ''}
        autocomplete="off"
        spellcheck={false}
      />
    );
  return (
    <div class={why === undefined ? 'choice' : 'choice grey'} title={why}>
      <label htmlFor={id}>{FIELD_NAMES[field]}</label>
      {control}
      {why !== undefined && (
        <span id={`${id}-why`} class="unseen">
          {why}
        </span>
      )}
    </div>
  );
}
