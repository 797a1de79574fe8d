import { countText, NONE, usdText } from '../format.ts';
import { minutesText, shareText } from '../money.ts';
import type { LiveConfig } from '../settings/live-config.ts';
import { Moment } from '../views/moment.tsx';
import { Tile } from '../views/tile.tsx';
import type { Watched } from '../watched.ts';
import type { DayFigures } from './day-figures.ts';
import { LIVE_COUNT_LIMIT } from './queries.ts';
import type { Totals } from './use-totals.ts';

interface NowTilesProps {
  readonly totals: Watched<Totals>;
  /** Of today, UTC; `null` where nothing has been added up yet. */
  readonly figures: DayFigures | null;
  readonly config: LiveConfig | null;
  readonly nowMs: number;
}

/** What goes on and what it comes to, at a glance. */
export function NowTiles({ totals, figures, config, nowMs }: NowTilesProps) {
  const counted = totals.kind === 'ready' ? totals.value : null;
  const asOf =
    figures === null ? (
      'nothing added up yet today, UTC'
    ) : (
      <>
        as of <Moment ms={figures.rolledUpAt} nowMs={nowMs} />
      </>
    );
  const refused = figures?.refusals.reduce((sum, [, count]) => sum + count, 0);
  return (
    <dl class="tiles now-tiles" aria-label="Figures of this moment and of today">
      <div class="tile">
        <dt>Live now</dt>
        <dd data-testid="tile-live" data-count={counted?.live ?? ''}>
          {counted === null ? (
            NONE
          ) : (
            <>
              {counted.live > 0 && <span class="dot live" aria-hidden="true" />}
              {countText(counted.live)}
              {counted.live >= LIVE_COUNT_LIMIT && ' or more'}
            </>
          )}
        </dd>
        <dd class="tile-note">
          {counted === null ? (
            'being counted'
          ) : (
            <>
              sessions with a live token, counted <Moment ms={counted.at} nowMs={nowMs} />
            </>
          )}
        </dd>
      </div>
      <LeasedTile counted={counted} figures={figures} config={config} nowMs={nowMs} />
      <Tile name="Refused today" testId="tile-refused" note={asOf}>
        {refused === undefined ? NONE : countText(refused)}
      </Tile>
      <Tile
        name="Spent today"
        testId="tile-spent"
        title="By list prices, of sessions whose books are closed"
        note={
          <>
            {figures !== null && figures.unpriced > 0 && (
              <strong data-testid="spent-unpriced">{countText(figures.unpriced)} unpriced · </strong>
            )}
            {figures !== null && `${countText(figures.sessions)} closed sessions, `}
            {asOf}
          </>
        }
      >
        {figures === null ? NONE : usdText(figures.microUsd)}
      </Tile>
    </dl>
  );
}

/** Minutes that tokens were made for today: against the cap where one is set. */
function LeasedTile({
  counted,
  figures,
  config,
  nowMs,
}: Omit<NowTilesProps, 'totals'> & { readonly counted: Totals | null }) {
  const cap = config?.caps?.minutesPerDay ?? null;
  // Only where caps are set is every lease added to them; else the closed books tell.
  const isCapped = config?.caps != null;
  const seconds = isCapped ? counted?.capSeconds : figures?.leasedSeconds;
  return (
    <div class="tile">
      <dt>Leased today</dt>
      <dd
        data-testid="tile-leased"
        data-seconds={seconds ?? ''}
        data-cap-minutes={cap ?? ''}
        title="Minutes for which tokens were made, by the UTC day"
      >
        {seconds === undefined ? NONE : minutesText(seconds)}
      </dd>
      <dd class="tile-note">
        {cap === null ? (
          'no cap'
        ) : (
          <>
            {shareText(seconds ?? 0, cap * 60)} of {minutesText(cap * 60)}
            <meter
              aria-label={`${minutesText(seconds ?? 0)} of ${minutesText(cap * 60)} leased today`}
              min={0}
              max={Math.max(cap * 60, 1)}
              low={cap * 60 * 0.8}
              high={cap * 60 * 0.95}
              optimum={0}
              value={Math.min(seconds ?? 0, cap * 60)}
            />
          </>
        )}
        {!isCapped && figures !== null && (
          <>
            {' · closed sessions, as of '}
            <Moment ms={figures.rolledUpAt} nowMs={nowMs} />
          </>
        )}
      </dd>
    </div>
  );
}
