/**
 * The figures of a run, its aims, and what was met.
 * @module
 */
import type { Aim } from '../functions/aims.ts';
import { quantile } from '../functions/statistics.ts';
import type { Table } from '../functions/table.ts';
import { spreadText } from '../web/result-table.ts';
import type { Trial } from './capacity.ts';
import { AIMS, ANSWER_DELAY_MS, type RoundFigures } from './duplex-round.ts';

/** From the start of the process to listening, in ms. */
const MOST_START_MS = 300;

/** All that was measured. */
export interface BenchFigures {
  /** Times of the command's starts, in ms. */
  readonly starts: readonly number[];
  readonly rounds: readonly RoundFigures[];
  readonly capacity?: { readonly largest: number; readonly tried: readonly Trial[] };
}

type Show = Parameters<typeof spreadText>[1];
const MS: Show = { unit: ' ms', digits: 1 };

/** The aims, judged: times by the median of the rounds, losses and memory by the worst of them. */
export function aimsOf({ starts, rounds }: BenchFigures): readonly Aim[] {
  const each = (figure: keyof RoundFigures): readonly number[] => rounds.map((round) => round[figure]);
  const sum = (figure: keyof RoundFigures): number => each(figure).reduce((total, value) => total + value, 0);
  const aim = (what: string, most: number, found: number, { unit, digits }: Show): Aim => ({
    what,
    bound: `≤ ${most}${unit}`,
    found: `${found.toFixed(digits)}${unit}`,
    isMet: found <= most,
  });
  return [
    aim('answer-start p99', AIMS.startP99Ms, quantile(each('startP99Ms'), 0.5), MS),
    aim('frames lost', 0, Math.abs(sum('framesLost')), { unit: '', digits: 0 }),
    aim('answers wrong', 0, sum('answersWrong'), { unit: '', digits: 0 }),
    aim('memory', AIMS.rssMb, Math.max(...each('rssMb')), { unit: ' MB', digits: 0 }),
    aim('start', MOST_START_MS, quantile(starts, 0.5), MS),
  ];
}

/** One row a figure, with the median, the least and the most of the rounds. */
export function resultTable(
  { starts, rounds, capacity }: BenchFigures,
  [startAim, framesAim, answersAim, memoryAim, bootAim]: readonly Aim[],
): Table {
  const [first] = rounds;
  const row = (what: string, values: readonly number[], show: Show, aim?: Aim): readonly string[] => [
    what,
    spreadText(values, show),
    aim?.bound ?? '',
    aim ? (aim.isMet ? 'met' : 'NOT MET') : '',
  ];
  const each = (figure: keyof RoundFigures, factor = 1): readonly number[] =>
    rounds.map((round) => round[figure] * factor);
  const share: Show = { unit: ' % of a core', digits: 0 };
  const count: Show = { unit: '', digits: 0 };
  const limit = capacity?.tried.filter((trial) => !trial.holds).map(({ sessions }) => sessions) ?? [];
  return {
    title: 'The emulator',
    head: [`${first?.sessions ?? 0} users at once`, 'found', 'aim', ''],
    rows: [
      row(`answer-start over the ${ANSWER_DELAY_MS} ms asked for, median`, each('startMedianMs'), MS),
      row('the same, p99', each('startP99Ms'), MS, startAim),
      row('answers in a round', each('answers'), count),
      row('messages of 20 ms sent and not counted', each('framesLost'), count, framesAim),
      row('answers missing, cut, or not the echo’s length', each('answersWrong'), count, answersAim),
      row('memory of the emulator’s process, most', each('rssMb'), { unit: ' MB', digits: 0 }, memoryAim),
      row('processor, emulator', each('emulatorCpu', 100), share),
      row('processor, load generator', each('generatorCpu', 100), share),
      row('lateness of the load generator, p99', each('generatorLateP99Ms'), MS),
      ...(capacity
        ? [
            [
              'most users at once that this holds for',
              `${capacity.largest}${limit.length > 0 ? `, not ${Math.min(...limit)}` : ''}`,
              '',
              '',
            ],
          ]
        : []),
      row(`start of the command to its URL, N = ${starts.length}`, starts, MS, bootAim),
    ],
  };
}
