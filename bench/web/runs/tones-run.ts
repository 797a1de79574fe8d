/**
 * What becomes of tones on their way to the wire: pitch, aliases, samples lost, the filter's bands, and what messages
 * cost. None of it is a time, so the modules' pages run side by side.
 * @module
 */
import { ADAPTERS } from '../adapters.ts';
import { type HeardSpeech, speechOf } from '../heard-speech.ts';
import { joined, LEVEL, silence, tone } from '../sound/signals.ts';
import { decibels, inside, loudnessOf, pitchOf, tonesIn } from '../sound/tone-meter.ts';
import { pause, Stage, type Talk } from '../stage.ts';
import { attempt, type Run } from './run.ts';

const RATES = [44_100, 48_000] as const;
const TONE_SECONDS = 10;
const ALIAS_SECONDS = 1;
const STEP_SECONDS = 0.2;
const PAUSE_SECONDS = 0.1;
const PASS_HZ = [200, 500, 1_000, 2_000, 3_000, 4_000, 5_000, 6_000, 6_500];
const STOP_HZ = [
  8_500, 8_750, 9_000, 9_500, 10_500, 11_500, 12_500, 13_500, 14_500, 15_500, 16_500, 17_500, 18_500, 19_500,
  20_000,
];
const STEPS = [...PASS_HZ, ...STOP_HZ];

/** The long tone, the tone that may alias, and steps through both bands. */
export function tones(rateHz: number) {
  const rest = silence(PAUSE_SECONDS, rateHz);
  return joined(
    silence(1.5, rateHz),
    tone(1_000, TONE_SECONDS, rateHz),
    rest,
    tone(10_000, ALIAS_SECONDS, rateHz),
    rest,
    ...STEPS.flatMap((hz) => [tone(hz, STEP_SECONDS, rateHz), rest]),
    silence(0.5, rateHz),
  );
}

/** Path of the sound that stands in for a device of 48 kHz: the fake one has 44.1 kHz. */
export const TONES_48_PATH = '/tones-48.f32';

/** `hz-…`, `alias-…` (dB), `lost-…` (samples), both rates; `stop`, `pass` (dB), `rate` (messages/s), `ratio`. */
export const runTones: Run = async (options) => {
  const { server, book, rounds, tell } = options;
  const sound = tones(RATES[0]);
  const ms = (sound.samples.length * 1_000) / RATES[0];
  const stage = await Stage.open(server, sound);
  try {
    for (let round = 0; round < rounds; round++)
      for (const rateHz of RATES)
        await attempt(`tones, ${rateHz} Hz, ${round + 1}`, stage, options, async () => {
          const talks: Talk[] = [];
          const microphone =
            rateHz === RATES[0] ? {} : { contextRateHz: rateHz, generated: { rateHz, path: TONES_48_PATH } };
          for (const adapter of ADAPTERS) talks.push(await stage.talk({ adapter, microphone }));
          await pause(ms + 500);
          // All or none: a round that is measured again is not to count twice for some.
          const measured = talks.map(({ line }) => toneFigures(speechOf(line.received)));
          for (const [index, figures] of measured.entries()) {
            const adapter = ADAPTERS[index];
            if (!adapter) continue;
            const { hz, alias, lost, found, stop, pass, rate, ratio } = figures;
            tell(
              `${adapter} ${rateHz} ${round + 1}/${rounds}: ${hz.toFixed(2)} Hz, ${alias.toFixed(1)} dB, lost ${lost} (${(-found).toFixed(3)}), stop ${stop.toFixed(1)}, pass ${pass.toFixed(2)}, ${rate.toFixed(1)}/s, ${ratio.toFixed(2)}`,
            );
            book.add(`hz-${rateHz}`, adapter, hz);
            book.add(`alias-${rateHz}`, adapter, alias);
            book.add(`lost-${rateHz}`, adapter, lost);
            book.add(`stop-${rateHz}`, adapter, stop);
            book.add(`pass-${rateHz}`, adapter, pass);
            if (rateHz !== RATES[0]) continue;
            book.add('rate', adapter, rate);
            book.add('ratio', adapter, ratio);
          }
        });
  } finally {
    await stage.close();
  }
};

/** What the wire says of {@link tones}. `lost` is negative where there are too many samples. */
export function toneFigures(speech: HeardSpeech) {
  const long = tonesIn(speech, LEVEL).find(({ from, to }) => to - from > speech.rateHz * TONE_SECONDS * 0.8);
  if (!long) throw new Error('The long tone did not reach the wire whole.');
  const found = long.to - long.from;
  const expected = TONE_SECONDS * speech.rateHz;
  // A module whose tempo is wrong has everything at other places.
  const unit = found / TONE_SECONDS;
  const reference = loudnessOf(inside(speech, long, 50));
  let at = long.to + PAUSE_SECONDS * unit;
  const next = (seconds: number): number => {
    const part = inside(speech, { from: at, to: at + seconds * unit }, 30);
    at += (seconds + PAUSE_SECONDS) * unit;
    return decibels(loudnessOf(part) / reference);
  };
  const alias = next(ALIAS_SECONDS);
  const steps = STEPS.map(() => next(STEP_SECONDS));
  const during = speech.messages.filter(({ end }) => end > long.from && end <= long.to);
  const [first, last] = [during[0], during.at(-1)];
  const seconds = ((last?.at ?? 0) - (first?.at ?? 0)) / 1_000;
  const sum = (key: 'wireBytes' | 'pcmBytes'): number => during.reduce((total, each) => total + each[key], 0);
  return {
    hz: pitchOf({ samples: inside(speech, long, 50), rateHz: speech.rateHz }),
    found: found - expected,
    lost: Math.round(expected - found),
    alias,
    pass: Math.max(...steps.slice(0, PASS_HZ.length).map(Math.abs)),
    stop: Math.max(...steps.slice(PASS_HZ.length)),
    rate: (during.length - 1) / seconds,
    ratio: sum('wireBytes') / sum('pcmBytes'),
  };
}
