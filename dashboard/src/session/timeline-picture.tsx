import { useMemo } from 'preact/hooks';
import { durationWords } from '../format.ts';
import type { Lane, Picture } from './picture-layout.ts';

/** Heights in CSS pixels. */
const NAME = 18;
const ROW = 16;
const GAP = 10;
const AXIS = 22;

const percent = (share: number): string => `${(share * 100).toFixed(3)}%`;

/**
 * The talk on one axis of time. Places are percents, so that it fits any width and its words keep their size. It says
 * nothing that the list beside it does not: for a screen reader it is one picture with a name.
 */
export function TimelinePicture({ picture, label }: { readonly picture: Picture; readonly label: string }) {
  const placed = useMemo(() => {
    let top = AXIS;
    return picture.lanes.map((lane) => {
      const at = top;
      top += NAME + lane.rows * ROW + GAP;
      return { lane, top: at };
    });
  }, [picture]);
  const last = placed.at(-1);
  const height = last === undefined ? AXIS : last.top + NAME + last.lane.rows * ROW + GAP;
  return (
    <svg class="talk-picture" role="img" aria-label={label} height={height} data-testid="timeline-picture">
      {picture.ticks.map(({ at, seconds }) => (
        <g key={seconds} class="tick">
          <line x1={percent(at)} x2={percent(at)} y1={AXIS - 4} y2={height} />
          <text x={percent(at)} y={AXIS - 8} text-anchor={at === 0 ? 'start' : at > 0.9 ? 'end' : 'middle'}>
            {durationWords(seconds)}
          </text>
        </g>
      ))}
      {placed.map((each) => (
        <LaneOf key={each.lane.name} {...each} />
      ))}
      {picture.now !== null && (
        <line class="now" x1={percent(picture.now)} x2={percent(picture.now)} y1={AXIS - 4} y2={height}>
          <title>now</title>
        </line>
      )}
    </svg>
  );
}

function LaneOf({ lane, top }: { readonly lane: Lane; readonly top: number }) {
  const middle = (row: number): number => top + NAME + row * ROW + ROW / 2;
  return (
    <g class="lane" data-lane={lane.name}>
      <text class="lane-name" x="0" y={top + NAME - 5}>
        {lane.name}
      </text>
      {lane.bars.map((bar, index) => (
        <rect
          key={index}
          class={bar.openEnd ? `bar ${bar.tone} open` : `bar ${bar.tone}`}
          x={percent(bar.from)}
          y={middle(bar.row) - 5}
          width={percent(Math.max(0.002, bar.to - bar.from))}
          height="10"
          rx="3"
        >
          <title>{bar.label}</title>
        </rect>
      ))}
      {lane.marks.map((mark, index) => (
        // A picture within the picture: the mark keeps its shape at any width.
        <svg
          key={index}
          class="mark-place"
          x={percent(mark.at)}
          y={middle(mark.row)}
          width="1"
          height="1"
          overflow="visible"
        >
          <title>{mark.label}</title>
          <MarkShape lane={lane.name} tone={mark.tone} />
        </svg>
      ))}
    </g>
  );
}

/** Told apart by shape as well as by colour. */
function MarkShape({ lane, tone }: { readonly lane: Lane['name']; readonly tone: string }) {
  if (lane === 'Barge-ins') return <path class={`mark ${tone}`} d="M0 -6 L6 5 L-6 5 Z" />;
  if (lane === 'Drops and closes') return <path class={`mark ${tone}`} d="M0 -6 L6 0 L0 6 L-6 0 Z" />;
  return <circle class={`mark ${tone}`} r="5" />;
}
