/**
 * Reads out of a played sweep which moment of it was heard when.
 * @module
 */
import type { Sound } from './recording.ts';
import { SWEEP_FROM_HZ, SWEEP_HZ_PER_SECOND } from './signals.ts';
import { crossingsOf } from './tone-meter.ts';

/** Periods that are looked at together. */
const PERIODS = 9;

/** A moment of the sweep, in seconds from its beginning, and where in the recording it is, in samples. */
interface Moment {
  readonly content: number;
  readonly at: number;
}

/**
 * Where the given moments of a sweep (seconds, rising) are in a recording, in samples; `undefined` for one that is not
 * in it. Good to about 1 ms, through breaks and changes of tempo.
 */
export function placesOf(
  { samples, rateHz }: Sound,
  moments: readonly number[],
): readonly (number | undefined)[] {
  const heard = momentsIn({ samples, rateHz });
  return moments.map((content) => {
    const next = heard.findIndex((each) => each.content >= content);
    const [after, before] = [heard[next], heard[next - 1]];
    if (!after) return undefined;
    // Before the first whole period the sweep is where its beginning says.
    if (!before) return after.at - (after.content - content) * rateHz;
    const span = after.content - before.content;
    const isBreak = after.at - before.at > 2 * span * rateHz + 0.005 * rateHz;
    // Of a moment in a break's middle it is the sound after it that was waited for.
    if (isBreak) return after.at - (after.content - content) * rateHz;
    return before.at + ((after.at - before.at) * (content - before.content)) / (span || 1);
  });
}

function momentsIn({ samples, rateHz }: Sound): readonly Moment[] {
  const crossings = crossingsOf(samples);
  const raw = crossings.slice(1).flatMap((at, index) => {
    const begin = crossings[index] ?? 0;
    const hz = rateHz / (at - begin);
    // A break, or what is no part of the sweep.
    if (hz < SWEEP_FROM_HZ * 0.9 || hz > SWEEP_FROM_HZ + 10 * SWEEP_HZ_PER_SECOND) return [];
    return [{ content: (hz - SWEEP_FROM_HZ) / SWEEP_HZ_PER_SECOND, at: (at + begin) / 2 }];
  });
  // Each period says it roughly; neighbours without a break between them say it together.
  const smooth = raw.map(({ at }, index) => {
    const near = raw
      .slice(Math.max(0, index - (PERIODS >> 1)), index + (PERIODS >> 1) + 1)
      .filter((each) => Math.abs(each.at - at) < (PERIODS * rateHz) / SWEEP_FROM_HZ)
      .map((each) => each.content - (each.at - at) / rateHz)
      .toSorted((a, b) => a - b);
    return { at, content: near[near.length >> 1] ?? 0 };
  });
  let latest = Number.NEGATIVE_INFINITY;
  return smooth.filter(({ content }) => {
    if (content <= latest) return false;
    latest = content;
    return true;
  });
}
