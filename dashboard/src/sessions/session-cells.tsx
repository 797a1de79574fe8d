import type { TokensByModality } from '@livegate/protocol';
import { countText, durationWords, modalityParts, NONE, secondsText, usdText } from '../format.ts';

import type { Session } from '../session-document.ts';
import { tokensFromModel, tokensToModel, usageOf } from '../session-figures.ts';
import type { ClosedSession } from './list-row.ts';

/** The figures of a session: what was leased, what its page reported, tokens both ways. */
export function SessionFigureCells({ session: { document } }: { readonly session: Session }) {
  const usage = usageOf(document);
  const hasReported = document.reported.at !== null;
  const [inward, outward] = [tokensToModel(usage), tokensFromModel(usage)];
  return (
    <>
      <td class="figure" data-label="Leased">
        <span
          data-testid="cell-leased"
          data-seconds={document.leased.seconds}
          title={durationWords(document.leased.seconds)}
        >
          {secondsText(document.leased.seconds)}
        </span>
      </td>
      <td class="figure" data-label="Reported">
        <span
          data-testid="cell-reported"
          data-seconds={document.reported.seconds}
          title={hasReported ? durationWords(document.reported.seconds) : 'No report yet'}
        >
          {hasReported ? secondsText(document.reported.seconds) : NONE}
        </span>
      </td>
      <td class="tokens" data-label="Tokens">
        <span data-testid="cell-tokens" data-in={inward} data-out={outward}>
          {usage.turns === 0 && inward + outward === 0 ? (
            NONE
          ) : (
            <>
              <Way name="in" tokens={usage.prompt} title={`${countText(inward)} tokens to the model`} />{' '}
              <Way name="out" tokens={usage.response} title={`${countText(outward)} tokens from the model`} />
            </>
          )}
        </span>
      </td>
    </>
  );
}

/** What a closed session cost, and what is odd about it. */
export function ClosedCells({ closed: { microUsd, flags } }: { readonly closed: ClosedSession }) {
  return (
    <>
      <td class="figure" data-label="Cost">
        <span data-testid="cell-cost" data-micro-usd={microUsd ?? ''}>
          {microUsd === null ? 'unpriced' : usdText(microUsd)}
        </span>
      </td>
      <td class="wrap" data-label="Flags" data-testid="cell-flags">
        {flags.length === 0 ? NONE : flags.join(', ')}
      </td>
    </>
  );
}

interface WayProps {
  readonly name: 'in' | 'out';
  readonly tokens: TokensByModality;
  readonly title: string;
}

/** Tokens of one direction: `in audio 1,234 · text 20`, broken between modalities only. */
function Way({ name, tokens, title }: WayProps) {
  const parts = modalityParts(tokens);
  return (
    <span class="way" title={title}>
      <span class="way-name">{name}</span>{' '}
      <span>
        {parts.length === 0
          ? NONE
          : parts.map((part, place) => (
              <span key={part} class="whole">
                {place > 0 && ' · '}
                {part}
              </span>
            ))}
      </span>
    </span>
  );
}
