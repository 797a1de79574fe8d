import type { StatsFigures } from '@livegate/protocol';
import { countText, durationWords, NONE } from '../format.ts';
import { costText, minutesText, shareText } from '../money.ts';
import { userPath } from '../places.ts';
import { type CostGroup, type CostSeries, OTHERS } from './cost-series.ts';

interface GroupTableProps {
  readonly groups: readonly CostGroup[];
  readonly sum: StatsFigures;
  /** What a row is: `Model`. */
  readonly noun: string;
  readonly caption: string;
  /** Names are uids. */
  readonly users?: boolean;
}

/** A row for each model, template or user, with its share of what has a price. */
export function GroupTable({ groups, sum, noun, caption, users = false }: GroupTableProps) {
  return (
    <table class="ledger" data-testid="group-table">
      <caption class="unseen">{caption}</caption>
      <thead>
        <tr>
          <th scope="col">{noun}</th>
          <th scope="col" class="figure">
            Cost
          </th>
          <th scope="col" class="figure">
            Share of cost
          </th>
          <th scope="col" class="figure">
            Unpriced sessions
          </th>
          <th scope="col" class="figure">
            Sessions
          </th>
          <th scope="col" class="figure">
            Leased
          </th>
          <th scope="col" class="figure">
            Reported
          </th>
        </tr>
      </thead>
      <tbody>
        {groups.map((group) => (
          <tr key={group.name} data-testid="group-row" data-name={group.name}>
            <th scope="row" class="name">
              {users && group.name !== OTHERS ? (
                <a class="mono wrap" href={userPath(group.name)}>
                  {group.name}
                </a>
              ) : (
                <span class="wrap">{group.name}</span>
              )}
              {group.folded.length > 0 && <span class="under wrap">{group.folded.join(', ')}</span>}
              {users && group.name === OTHERS && (
                <span class="under">not among the costliest, or erased since</span>
              )}
            </th>
            <GroupCells figures={group.sum} whole={sum} />
          </tr>
        ))}
      </tbody>
      <tfoot>
        <tr>
          <th scope="row" class="name">
            In all
          </th>
          <GroupCells figures={sum} whole={sum} />
        </tr>
      </tfoot>
    </table>
  );
}

function GroupCells({ figures, whole }: { readonly figures: StatsFigures; readonly whole: StatsFigures }) {
  return (
    <>
      <td class="figure" data-label="Cost" data-testid="group-cost" data-micro={figures.microUsd}>
        {costText(figures)}
      </td>
      <td class="figure" data-label="Share of cost">
        {shareText(figures.microUsd, whole.microUsd)}
      </td>
      <td class="figure" data-label="Unpriced sessions">
        {countText(figures.unpriced)}
      </td>
      <td class="figure" data-label="Sessions">
        {countText(figures.sessions)}
      </td>
      <td class="figure" data-label="Leased" title={durationWords(figures.leasedSeconds)}>
        {minutesText(figures.leasedSeconds)}
      </td>
      <td class="figure" data-label="Reported" title={durationWords(figures.reportedSeconds)}>
        {minutesText(figures.reportedSeconds)}
      </td>
    </>
  );
}

interface DayTableProps {
  readonly series: CostSeries;
  /** A column for each group beside the sum. */
  readonly split: boolean;
}

/** A row for each day, the newest first. */
export function DayTable({ series: { days, groups, totals, sum }, split }: DayTableProps) {
  const columns = split ? groups : [];
  const places = days.map((_, place) => days.length - 1 - place);
  return (
    <table class="ledger" data-testid="day-table">
      <caption class="unseen">Costs of each UTC day, the newest first</caption>
      <thead>
        <tr>
          <th scope="col">Day (UTC)</th>
          {columns.map(({ name }) => (
            <th key={name} scope="col" class="figure wrap">
              {name}
            </th>
          ))}
          <th scope="col" class="figure">
            {split ? 'Cost in all' : 'Cost'}
          </th>
          <th scope="col" class="figure">
            Sessions
          </th>
          <th scope="col" class="figure">
            Leased
          </th>
          {!split && (
            <>
              <th scope="col" class="figure">
                Reported
              </th>
              <th scope="col" class="figure">
                Metered
              </th>
              <th scope="col" class="figure">
                Flagged
              </th>
              <th scope="col" class="figure">
                Failed
              </th>
            </>
          )}
        </tr>
      </thead>
      <tbody>
        {places.map((place) => (
          <tr key={days[place]} data-testid="day-row" data-day={days[place]}>
            <th scope="row" class="name nowrap">
              {days[place]}
            </th>
            {columns.map((group) => (
              <td key={group.name} class="figure" data-label={group.name}>
                {cost(group.days[place] ?? null)}
              </td>
            ))}
            <DayCells figures={totals[place] ?? null} split={split} />
          </tr>
        ))}
      </tbody>
      <tfoot>
        <tr>
          <th scope="row" class="name">
            In all
          </th>
          {columns.map((group) => (
            <td key={group.name} class="figure" data-label={group.name}>
              {costText(group.sum)}
            </td>
          ))}
          <DayCells figures={sum} split={split} />
        </tr>
      </tfoot>
    </table>
  );
}

function cost(figures: StatsFigures | null): string {
  return figures === null ? NONE : costText(figures);
}

/** Cells of a day, or of the sum; dashes where nothing was rolled up. */
function DayCells({ figures, split }: { readonly figures: StatsFigures | null; readonly split: boolean }) {
  const cell = (name: string, text: (figures: StatsFigures) => string, testId?: string) => (
    <td class="figure" data-label={name} data-testid={testId}>
      {figures === null ? NONE : text(figures)}
    </td>
  );
  return (
    <>
      {cell(split ? 'Cost in all' : 'Cost', costText, 'day-cost')}
      {cell('Sessions', ({ sessions }) => countText(sessions), 'day-sessions')}
      {cell('Leased', ({ leasedSeconds }) => minutesText(leasedSeconds), 'day-leased')}
      {!split && (
        <>
          {cell('Reported', ({ reportedSeconds }) => minutesText(reportedSeconds))}
          {cell('Metered', ({ meteredSeconds }) =>
            meteredSeconds === 0 ? NONE : minutesText(meteredSeconds),
          )}
          {cell('Flagged', ({ flagged }) => countText(flagged))}
          {cell('Failed', ({ failed }) => countText(failed))}
        </>
      )}
    </>
  );
}
