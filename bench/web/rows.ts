/**
 * The rows of the table: what is measured, by which run, and what it is to be.
 * @module
 */

import { runBundle } from './runs/bundle-run.ts';
import { runCodec } from './runs/codec-run.ts';
import { runJitter } from './runs/jitter-run.ts';
import { runLoad } from './runs/load-run.ts';
import { runMicrophone } from './runs/microphone-run.ts';
import { runPlayback } from './runs/playback-run.ts';
import type { Run } from './runs/run.ts';
import { runStart } from './runs/start-run.ts';
import { runStress } from './runs/stress-run.ts';
import { runTones } from './runs/tones-run.ts';

/** What a figure is to be, given firebase/ai's in the same run: a bound, and whether it is kept. */
export type Bound = (
  ours: number,
  others: (figure: string, adapter?: 'firebase' | 'livegate') => number,
) => { readonly bound: string; readonly isMet: boolean };

/** One figure of a row. */
export interface RowFigure {
  readonly id: string;
  readonly what: string;
  /** As it follows the number, with its space. */
  readonly unit: string;
  readonly digits: number;
  /** None: shown beside others, so that nothing is won by losing it. */
  readonly aim?: Bound;
}

/** One row of the table. */
export interface Row {
  readonly id: string;
  readonly run: Run;
  readonly figures: readonly RowFigure[];
}

const shown = (value: number, unit: string): string => `${value.toLocaleString('en-US')}${unit}`;
const atMost =
  (most: number, unit: string): Bound =>
  (ours) => ({ bound: `≤ ${shown(most, unit)}`, isMet: ours <= most });
const atLeast =
  (least: number, unit: string): Bound =>
  (ours) => ({ bound: `≥ ${shown(least, unit)}`, isMet: ours >= least });
const toTenths =
  (bound: Bound): Bound =>
  (ours, others) =>
    bound(Math.round(ours * 10) / 10, others);
const near =
  (target: number, reach: number, unit: string): Bound =>
  (ours) => ({
    bound: `${shown(target, '')} ± ${shown(reach, unit)}`,
    isMet: Math.abs(ours - target) <= reach,
  });
/** Of firebase/ai's figure of the same name. */
const share =
  (figure: string, factor: number, unit: string, digits: number): Bound =>
  (ours, others) => {
    const most = factor * others(figure, 'firebase');
    return { bound: `≤ ${factor} × = ${most.toFixed(digits)}${unit}`, isMet: ours <= most };
  };

const HZ = ['44_100', '48_000'].map((text) => Number(text.replace('_', '')));
const kilo = (rateHz: number): string => `${rateHz / 1_000} kHz`;

/** In the order of the table. */
export const ROWS: readonly Row[] = [
  {
    id: 'microphone',
    run: runMicrophone,
    figures: [
      {
        id: 'latency',
        what: 'microphone buffer to wire',
        unit: ' ms',
        digits: 2,
        aim: share('latency', 0.4, ' ms', 2),
      },
      { id: 'filter-delay', what: 'delay the filter adds', unit: ' ms', digits: 2, aim: atMost(2.5, ' ms') },
    ],
  },
  {
    id: 'tones',
    run: runTones,
    figures: [
      ...HZ.flatMap((rateHz): RowFigure[] => [
        {
          id: `hz-${rateHz}`,
          what: `1 kHz arrives as, ${kilo(rateHz)} device`,
          unit: ' Hz',
          digits: 2,
          aim: near(1_000, 0.1, ' Hz'),
        },
        {
          id: `alias-${rateHz}`,
          what: `alias of 10 kHz, ${kilo(rateHz)} device`,
          unit: ' dB',
          digits: 1,
          aim: atMost(-75, ' dB'),
        },
        {
          id: `lost-${rateHz}`,
          what: `samples lost in 10 s, ${kilo(rateHz)} device`,
          unit: '',
          digits: 0,
          aim: near(0, 0, ''),
        },
      ]),
      ...HZ.flatMap((rateHz): RowFigure[] => [
        {
          id: `stop-${rateHz}`,
          what: `8.5–20 kHz, the loudest, ${kilo(rateHz)} device`,
          unit: ' dB',
          digits: 1,
          aim: atMost(-60, ' dB'),
        },
        {
          id: `pass-${rateHz}`,
          what: `passband to 6.5 kHz, furthest from 0 dB, ${kilo(rateHz)} device`,
          unit: ' dB',
          digits: 2,
          aim: atMost(0.5, ' dB'),
        },
      ]),
      // To a tenth: the device's clock, which makes the frames, and the server's, which counts them, are two.
      { id: 'rate', what: 'messages a second', unit: '', digits: 1, aim: toTenths(atMost(100, '')) },
      { id: 'ratio', what: 'wire bytes per PCM byte', unit: '', digits: 2, aim: atMost(1.6, '') },
    ],
  },
  {
    id: 'playback',
    run: runPlayback,
    figures: [
      {
        id: 'clicks',
        what: 'clicks at 75 joins, 40 ms chunks in real time',
        unit: '',
        digits: 0,
        aim: near(0, 0, ''),
      },
      { id: 'paced-first', what: 'the same: first sound', unit: ' ms', digits: 1 },
      { id: 'paced-gap', what: 'the same: gaps', unit: ' ms', digits: 1 },
      { id: 'ahead-gap', what: 'gaps, ahead40', unit: ' ms', digits: 1, aim: near(0, 0, ' ms') },
      { id: 'ahead-first', what: 'first sound, ahead40', unit: ' ms', digits: 1, aim: atMost(20, ' ms') },
      { id: 'ahead-unheard', what: 'chunks never heard, of 75, ahead40', unit: '', digits: 0 },
      {
        id: 'ahead-least',
        what: 'ahead40: gaps no player avoids that begins at 20 ms',
        unit: ' ms',
        digits: 1,
      },
      {
        id: 'silence',
        what: 'interruption to silence',
        unit: ' ms',
        digits: 1,
        aim: (ours, others) => {
          const most = others('silence', 'firebase') + 5;
          return { bound: `≤ firebase/ai + 5 = ${most.toFixed(1)} ms`, isMet: ours <= most };
        },
      },
      {
        id: 'last-sample',
        what: 'its last sample',
        unit: '',
        digits: 3,
        aim: (ours) => ({ bound: '< 0.02', isMet: ours < 0.02 }),
      },
    ],
  },
  {
    id: 'jitter',
    run: runJitter,
    figures: [
      {
        id: 'jitter-gap',
        what: 'gaps after the first second, jitter100',
        unit: ' ms',
        digits: 0,
        aim: share('jitter-gap', 0.2, ' ms', 0),
      },
      {
        id: 'delay',
        what: 'playout delay without jitter, median',
        unit: ' ms',
        digits: 1,
        aim: atMost(30, ' ms'),
      },
      {
        id: 'delay-jitter',
        what: 'playout delay in jitter to 150 ms, 95 %',
        unit: ' ms',
        digits: 0,
        aim: atMost(200, ' ms'),
      },
      {
        id: 'delay-after',
        what: 'playout delay one turn after the jitter, above the floor',
        unit: ' ms',
        digits: 1,
        aim: atMost(20, ' ms'),
      },
      { id: 'unheard', what: 'chunks never heard, of 135', unit: '', digits: 0 },
      { id: 'calm-gap', what: 'gaps without jitter', unit: ' ms', digits: 1 },
    ],
  },
  {
    id: 'start',
    run: runStart,
    figures: [0, 500, 2_000].flatMap((mint): RowFigure[] => [
      {
        id: `start-${mint}`,
        what: `press → listening, a mint of ${mint / 1_000} s`,
        unit: ' ms',
        digits: 0,
        aim: atMost(mint + 150, ' ms'),
      },
      { id: `two-lines-${mint}`, what: `the same by firebase/ai’s two lines`, unit: ' ms', digits: 0 },
    ]),
  },
  {
    id: 'load',
    run: runLoad,
    figures: [
      {
        id: 'main-thread',
        what: 'main thread, 3 min duplex',
        unit: ' %',
        digits: 2,
        aim: share('main-thread', 0.2, ' %', 2),
      },
      { id: 'renderer', what: 'renderer CPU', unit: ' %', digits: 2, aim: share('renderer', 0.5, ' %', 2) },
      { id: 'heap', what: 'heap a minute', unit: ' MB', digits: 3, aim: share('heap', 0.5, ' MB', 3) },
    ],
  },
  {
    id: 'codec',
    run: runCodec,
    figures: [
      ...['encode', 'decode'].flatMap((way): RowFigure[] => {
        const bytes = way === 'encode' ? '640 B' : '1,920 B';
        return [
          { id: way, what: `${way} ${bytes}`, unit: ' MB/s', digits: 0 },
          {
            id: `${way}-times`,
            what: `${way} ${bytes}, native`,
            unit: ' ×',
            digits: 1,
            aim: atLeast(20, ' ×'),
          },
          {
            id: `${way}-old-times`,
            what: `${way} ${bytes}, fallback`,
            unit: ' ×',
            digits: 1,
            aim: atLeast(4, ' ×'),
          },
        ];
      }),
    ],
  },
  {
    id: 'bundle',
    run: runBundle,
    figures: [
      {
        id: 'bundle',
        what: 'bundle of a Live-only page, min+gzip',
        unit: ' B',
        digits: 0,
        aim: atMost(14_000, ' B'),
      },
      { id: 'bundle-later', what: 'the same two seconds into the talk', unit: ' B', digits: 0 },
    ],
  },
  {
    id: 'stress',
    run: runStress,
    figures: [
      { id: 'free-gap', what: 'gaps, 4 s of 40 ms chunks, main thread free', unit: ' ms', digits: 0 },
      ...(['blocked', 'throttled'] as const).map(
        (kind): RowFigure => ({
          id: `${kind}-gap`,
          what:
            kind === 'blocked'
              ? 'the same, main thread blocked 200 ms a second'
              : 'the same, CPU throttled 4 ×',
          unit: ' ms',
          digits: 0,
          aim: (ours, others) => {
            const most = others('free-gap', 'livegate');
            return { bound: `≤ unblocked = ${most.toFixed(0)} ms`, isMet: ours <= most + 0.5 };
          },
        }),
      ),
    ],
  },
];
