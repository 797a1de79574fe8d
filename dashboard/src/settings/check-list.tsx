import { useState } from 'preact/hooks';
import type { Control, Field, Option } from './field.ts';
import type { Shown } from './shown.ts';

interface CheckListProps {
  readonly field: Field;
  readonly control: Extract<Control, { readonly kind: 'checks' }>;
  readonly shown: Shown;
  readonly onShown: (shown: Shown) => void;
}

/** A list as boxes to tick: the known entries, those that stand there beyond them, and one to type. */
export function CheckList({ field, control, shown, onShown }: CheckListProps) {
  const { path, label, none } = field;
  const { options, any, more } = control;
  const items = shown.kind === 'list' ? shown.items : [];
  const extra = items.filter((item) => !options.some(({ value }) => value === item));
  const choose = (next: readonly string[]) =>
    onShown(next.length === 0 && none !== undefined ? { kind: 'none' } : { kind: 'list', items: next });
  const toggle = (value: string, on: boolean) =>
    choose(on ? [...items, value] : items.filter((item) => item !== value));
  const all: readonly Option[] = [
    ...options,
    ...[...new Set(extra)].map((value) => ({ value, label: value === '' ? '(empty)' : value })),
  ];
  return (
    <>
      {any !== undefined && (
        <label class="check">
          <input
            type="checkbox"
            checked={shown.kind === 'any'}
            data-testid={`any-${path}`}
            onChange={(event) =>
              onShown(
                event.currentTarget.checked
                  ? { kind: 'any' }
                  : { kind: 'list', items: options.map(({ value }) => value) },
              )
            }
          />
          <span>{any}</span>
        </label>
      )}
      {shown.kind !== 'any' && (
        <ul class="checks" data-testid={`input-${path}`}>
          {all.map(({ value, label: name, note, disabled = false }) => {
            const isOn = items.includes(value);
            return (
              <li key={value}>
                <label class="check">
                  <input
                    type="checkbox"
                    value={value}
                    checked={isOn}
                    disabled={disabled && !isOn}
                    onChange={(event) => toggle(value, event.currentTarget.checked)}
                  />
                  <span class="wrap">
                    {name}
                    {note !== undefined && <span class="under">{note}</span>}
                  </span>
                </label>
              </li>
            );
          })}
          {all.length === 0 && <li class="muted">None there yet.</li>}
        </ul>
      )}
      {shown.kind !== 'any' && more !== undefined && (
        <OneMore
          name={`${label}: ${more}`}
          hint={more}
          path={path}
          onAdd={(value) => toggle(value, true)}
          taken={items}
        />
      )}
    </>
  );
}

interface OneMoreProps {
  readonly name: string;
  readonly hint: string;
  readonly path: string;
  readonly taken: readonly string[];
  readonly onAdd: (value: string) => void;
}

function OneMore({ name, hint, path, taken, onAdd }: OneMoreProps) {
  const [text, setText] = useState('');
  const value = text.trim();
  const isNew = value !== '' && !taken.includes(value);
  const add = () => {
    if (!isNew) return;
    onAdd(value);
    setText('');
  };
  return (
    <span class="one-more">
      <input
        type="text"
        aria-label={name}
        placeholder={hint}
        value={text}
        data-testid={`more-${path}`}
        onInput={(event) => setText(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Enter') return;
          event.preventDefault();
          add();
        }}
      />
      <button type="button" disabled={!isNew} onClick={add}>
        Add
      </button>
    </span>
  );
}
