import { useId } from 'preact/hooks';
import { monthsBack, monthText } from '../users/usage-list.ts';
import { COST_RANGES, COST_SPLITS, type CostView } from './cost-view.ts';

/** Months that can be chosen: as long as the sums of users are kept. */
const MONTHS = 13;

interface CostChoicesProps {
  readonly view: CostView;
  readonly nowMs: number;
  readonly onChoose: (view: CostView) => void;
}

/** What costs are split by, and of which time. */
export function CostChoices({ view, nowMs, onChoose }: CostChoicesProps) {
  const monthId = useId();
  const months = monthsBack(nowMs, MONTHS);
  return (
    <div class="choices">
      <Chips
        legend="Split by"
        name="by"
        options={COST_SPLITS.map(({ id, title }) => ({ value: id, title }))}
        chosen={view.by}
        onChoose={(by) => onChoose({ ...view, by })}
      />
      {view.by === 'user' ? (
        <div class="choice">
          <label for={monthId} class="unseen">
            Month (UTC)
          </label>
          <select
            id={monthId}
            value={view.month}
            data-testid="cost-month"
            onChange={(event) => onChoose({ ...view, month: event.currentTarget.value })}
          >
            {(months.includes(view.month) ? months : [view.month, ...months]).map((month) => (
              <option key={month} value={month}>
                {monthText(month)}
              </option>
            ))}
          </select>
        </div>
      ) : (
        <Chips
          legend="Of the last"
          name="range"
          options={COST_RANGES.map((days) => ({ value: days, title: `${days} days` }))}
          chosen={view.range}
          onChoose={(range) => onChoose({ ...view, range })}
        />
      )}
    </div>
  );
}

interface ChipsProps<T extends string | number> {
  readonly legend: string;
  readonly name: string;
  readonly options: readonly { readonly value: T; readonly title: string }[];
  readonly chosen: T;
  readonly onChoose: (value: T) => void;
}

/** Radio buttons in a row. */
function Chips<T extends string | number>({ legend, name, options, chosen, onChoose }: ChipsProps<T>) {
  return (
    <fieldset class="chips">
      <legend class="unseen">{legend}</legend>
      {options.map(({ value, title }) => (
        <label key={value} class="chip">
          <input
            type="radio"
            name={name}
            value={value}
            checked={value === chosen}
            data-testid={`cost-${name}-${value}`}
            onChange={() => onChoose(value)}
          />
          <span>{title}</span>
        </label>
      ))}
    </fieldset>
  );
}
