import { countText, durationWords, shortCount } from '../format.ts';
import { type ListFigures, tokensFromModel, tokensToModel } from '../session-figures.ts';

/** The figures over the list, at a glance. */
export function Tiles({ figures, scope }: { readonly figures: ListFigures; readonly scope: string }) {
  const inward = tokensToModel(figures.totals);
  const outward = tokensFromModel(figures.totals);
  return (
    <dl class="tiles" aria-label={`Figures, ${scope}`}>
      <div class="tile">
        <dt>Live now</dt>
        <dd data-testid="tile-live" data-count={figures.live}>
          {figures.live > 0 && <span class="dot live" aria-hidden="true" />}
          {countText(figures.live)}
        </dd>
        <dd class="tile-note">sessions</dd>
      </div>
      <div class="tile">
        <dt>Leased today</dt>
        <dd data-testid="tile-leased" data-seconds={figures.leasedToday}>
          {durationWords(figures.leasedToday)}
        </dd>
        <dd class="tile-note">by sessions begun since midnight</dd>
      </div>
      <div class="tile">
        <dt>Tokens in</dt>
        <dd data-testid="tile-tokens-in" title={`${countText(inward)} tokens to the model`}>
          {shortCount(inward)}
        </dd>
        <dd class="tile-note">prompts and tools</dd>
      </div>
      <div class="tile">
        <dt>Tokens out</dt>
        <dd data-testid="tile-tokens-out" title={`${countText(outward)} tokens from the model`}>
          {shortCount(outward)}
        </dd>
        <dd class="tile-note">answers and thoughts</dd>
      </div>
    </dl>
  );
}
