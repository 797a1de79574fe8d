/**
 * From a buffer of the microphone to the wire, by the beginnings of short tones.
 * @module
 */
import { quantile } from '../../functions/statistics.ts';
import { type Adapter, orderOf } from '../adapters.ts';
import { type HeardSpeech, speechOf } from '../heard-speech.ts';
import { type ReferenceMicrophone, referenceOf } from '../reference-microphone.ts';
import { joined, LEVEL, silence, tone } from '../sound/signals.ts';
import { tonesIn } from '../sound/tone-meter.ts';
import { pause, Stage } from '../stage.ts';
import { attempt, type Run } from './run.ts';

const DEVICE_HZ = 44_100;
const BURSTS = 10;
/** Until every module listens. */
const LEAD_SECONDS = 1.2;
/** No multiple of a buffer, so that the tones begin at different places of theirs. */
const burstPause = (index: number): number => 0.2513 + 0.0137 * index;
const BURST_SECONDS = 0.06;

/** Short tones between silences. */
export function bursts() {
  const each = Array.from({ length: BURSTS }, (_, index) => [
    tone(1_000, BURST_SECONDS, DEVICE_HZ),
    silence(burstPause(index), DEVICE_HZ),
  ]);
  return joined(silence(LEAD_SECONDS, DEVICE_HZ), ...each.flat(), silence(2, DEVICE_HZ));
}

/** `latency` and `filter-delay`, in ms. */
export const runMicrophone: Run = async (options) => {
  const { server, book, rounds, tell } = options;
  const sound = bursts();
  const stage = await Stage.open(server, sound);
  try {
    for (let round = 0; round < rounds; round++)
      for (const adapter of orderOf(round))
        await attempt(`microphone, ${adapter}, ${round + 1}`, stage, options, async () => {
          const talk = await stage.talk({ adapter, microphone: { isReferenced: true } });
          await pause((sound.samples.length * 1_000) / DEVICE_HZ - 1_500);
          const reference = await referenceOf(talk.page, server);
          const speech = speechOf(talk.line.received);
          const found = microphoneFigures(reference, speech);
          tell(
            `${adapter} ${round + 1}/${rounds}: ${found.latency.toFixed(2)} ms, filter ${found.filterDelay.toFixed(2)} ms, ${found.onsets} tones`,
          );
          record(adapter, found);
        });
  } finally {
    await stage.close();
  }
  function record(adapter: Adapter, { latency, filterDelay }: MicrophoneFigures): void {
    book.add('latency', adapter, latency);
    book.add('filter-delay', adapter, filterDelay);
  }
};

/** Times in ms. */
interface MicrophoneFigures {
  readonly latency: number;
  readonly filterDelay: number;
  readonly onsets: number;
}

/**
 * `latency`: from when the buffer that holds a tone's beginning was ready to when the message that holds it came; the
 * median of the tones. `filterDelay`: how much older than the newest sample at hand the newest sample of a message is,
 * where it is least (the tenth part of all messages that hold a tone): what the module's filter holds back.
 */
export function microphoneFigures(reference: ReferenceMicrophone, speech: HeardSpeech): MicrophoneFigures {
  const there = tonesIn(reference, LEVEL);
  const here = tonesIn(speech, LEVEL);
  if (there.length !== here.length || here.length === 0)
    throw new Error(`${there.length} tones at the microphone, ${here.length} on the wire.`);
  const latencies: number[] = [];
  const lags: number[] = [];
  for (const [index, { from }] of here.entries()) {
    const spoken = there[index]?.from ?? 0;
    const buffer = reference.buffers.find(({ end }) => end > spoken);
    const message = speech.messages.find(({ end }) => end > from);
    if (buffer && message) latencies.push(message.at - buffer.readyAt);
    for (const each of speech.messages) {
      const content = (each.end - from) / speech.rateHz;
      if (content < 0 || content > BURST_SECONDS) continue;
      const newest = reference.buffers.findLast(({ readyAt }) => readyAt <= each.at)?.end ?? 0;
      lags.push(((newest - spoken) / reference.rateHz - content) * 1_000);
    }
  }
  return {
    latency: quantile(latencies, 0.5),
    filterDelay: lags.length > 0 ? quantile(lags, 0.1) : Number.NaN,
    onsets: here.length,
  };
}
