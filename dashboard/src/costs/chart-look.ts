/**
 * Colours and patterns of the charts, from the page's own tokens: what `styles/costs.css` says, in light and dark.
 * @module
 */

/** How a chart looks at the moment. */
export interface ChartLook {
  readonly text: string;
  readonly muted: string;
  readonly line: string;
  readonly surface: string;
  readonly font: string;
  /** Fill and edge of the group at a place. Groups differ by their pattern too. */
  series(place: number): { readonly fill: string | CanvasPattern; readonly edge: string };
  /** Nothing moves. */
  readonly calm: boolean;
  /** There is no room beside the axes for their names; their figures bear units. */
  readonly narrow: boolean;
}

const SERIES = 7;
/** Width below which a chart is narrow. */
const NARROW_PX = 480;

/** Reads the look as it is on screen. */
export function readLook(within: HTMLElement): ChartLook {
  const probe = document.createElement('span');
  within.append(probe);
  // A token says `light-dark(…)`; as the colour of an element it is the one or the other.
  const colour = (token: string): string => {
    probe.style.setProperty('color', `var(${token})`);
    return getComputedStyle(probe).color;
  };
  const colours = Array.from({ length: SERIES }, (_, place) => colour(`--series-${place + 1}`));
  const [text, muted, line, surface] = ['--text', '--muted', '--line', '--surface'].map(colour);
  const font = getComputedStyle(within).fontFamily;
  probe.remove();
  return {
    text: text ?? '',
    muted: muted ?? '',
    line: line ?? '',
    surface: surface ?? '',
    font,
    series: (place) => {
      const edge = colours[place % SERIES] ?? '';
      return { fill: patternOf(place % SERIES, edge), edge };
    },
    calm: matchMedia('(prefers-reduced-motion: reduce)').matches,
    narrow: within.clientWidth < NARROW_PX,
  };
}

/** Pixels of a tile; drawn at twice that, so that it is sharp on dense screens. */
const TILE = 8;
const DENSITY = 2;

type Stroke = (context: CanvasRenderingContext2D) => void;
const slash: Stroke = (context) => lines(context, [-2, 10, 10, -2], [-2, 2, 2, -2], [6, 10, 10, 6]);
const backslash: Stroke = (context) => lines(context, [-2, -2, 10, 10], [-2, 6, 2, 10], [6, -2, 10, 2]);
const level: Stroke = (context) => lines(context, [0, 4, 8, 4]);
const upright: Stroke = (context) => lines(context, [4, 0, 4, 8]);
const dots: Stroke = (context) => {
  context.beginPath();
  context.arc(4, 4, 1.75, 0, Math.PI * 2);
  context.fill();
};

/** By the place of a group; the first is plain. */
const STROKES: readonly (readonly Stroke[])[] = [
  [],
  [slash],
  [dots],
  [backslash],
  [level],
  [slash, backslash],
  [upright],
];

function patternOf(place: number, colour: string): string | CanvasPattern {
  const strokes = STROKES[place] ?? [];
  if (strokes.length === 0) return colour;
  const tile = document.createElement('canvas');
  tile.width = TILE * DENSITY;
  tile.height = TILE * DENSITY;
  const context = tile.getContext('2d');
  if (context === null) return colour;
  context.scale(DENSITY, DENSITY);
  context.fillStyle = colour;
  context.strokeStyle = colour;
  context.lineWidth = 1.75;
  context.globalAlpha = 0.3;
  context.fillRect(0, 0, TILE, TILE);
  context.globalAlpha = 1;
  for (const stroke of strokes) stroke(context);
  const pattern = context.createPattern(tile, 'repeat');
  pattern?.setTransform(new DOMMatrix().scale(1 / DENSITY));
  return pattern ?? colour;
}

function lines(
  context: CanvasRenderingContext2D,
  ...ends: readonly (readonly [number, number, number, number])[]
): void {
  context.beginPath();
  for (const [fromX, fromY, toX, toY] of ends) {
    context.moveTo(fromX, fromY);
    context.lineTo(toX, toY);
  }
  context.stroke();
}
