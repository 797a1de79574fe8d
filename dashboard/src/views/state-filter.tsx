import { type Route, SESSION_STATES } from '../route.ts';

interface StateFilterProps {
  readonly state: Route['state'];
  readonly onChoose: (state: Route['state']) => void;
}

/** One of the states, or all: radio buttons, so that arrow keys move through them. */
export function StateFilter({ state, onChoose }: StateFilterProps) {
  return (
    <fieldset class="chips" data-testid="filter">
      <legend class="unseen">Show sessions that are</legend>
      {(['all', ...SESSION_STATES] as const).map((each) => (
        <label key={each} class="chip">
          <input
            type="radio"
            name="state"
            value={each}
            checked={each === state}
            data-testid={`filter-${each}`}
            onChange={() => onChoose(each)}
          />
          <span>{each === 'all' ? 'All' : each}</span>
        </label>
      ))}
    </fieldset>
  );
}
