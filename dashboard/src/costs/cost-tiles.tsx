import type { StatsFigures } from '@livegate/protocol';
import { countText, NONE, usdText } from '../format.ts';
import { minutesText } from '../money.ts';
import { Tile } from '../views/tile.tsx';

/** The sums at a glance; what has no price stands beside what has one. */
export function CostTiles({ sum, scope }: { readonly sum: StatsFigures; readonly scope: string }) {
  const { sessions, microUsd, unpriced, leasedSeconds, reportedSeconds } = sum;
  const isKnown = sessions > 0 && !(microUsd === 0 && unpriced > 0);
  return (
    <dl class="tiles">
      <Tile
        name="Cost by list price"
        note={scope}
        testId="cost-sum"
        title={`${microUsd} millionths of a dollar`}
      >
        {isKnown ? usdText(microUsd) : NONE}
      </Tile>
      <Tile name="Unpriced" note="sessions that used something without a known price" testId="cost-unpriced">
        {countText(unpriced)}
      </Tile>
      <Tile name="Sessions" note="whose books are closed" testId="cost-sessions">
        {countText(sessions)}
      </Tile>
      <Tile name="Leased" note={`${minutesText(reportedSeconds)} reported`} testId="cost-leased">
        {minutesText(leasedSeconds)}
      </Tile>
    </dl>
  );
}
