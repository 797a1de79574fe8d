/**
 * The loudspeaker's end on the audio thread: a shell around {@link PlaybackBuffer} that reports what it does.
 * A bundle entry of its own; the page loads it as a file.
 * @module
 */
import { OUTPUT_SAMPLE_RATE_HZ } from '@livegate/protocol';
import { LevelMeter } from './level-meter.ts';
import { floatOf, int16Of } from './pcm.ts';
import { PlaybackBuffer, type PlaybackState } from './playback-buffer.ts';
import { Resampler } from './resampler.ts';
import {
  PLAYBACK_PROCESSOR,
  type PlaybackCommand,
  type PlaybackNotice,
  type PlaybackReport,
} from './worklet-messages.ts';

/** Between two reports, in seconds, unless the page asks for others. */
const REPORT_SECONDS = 0.1;
/** Length of a window of loudness, in seconds, and how many there can be in a report: what is more is left out. */
const WINDOW_SECONDS = 0.02;
const WINDOWS = 8;

/** A report that is filled in anew each time: `postMessage` has copied it when it returns. */
type OwnReport = { -readonly [K in keyof PlaybackReport]: PlaybackReport[K] };

class PlaybackProcessor extends AudioWorkletProcessor {
  readonly #buffer = new PlaybackBuffer({ outputRateHz: Math.round(sampleRate) });
  readonly #meter = new LevelMeter();
  readonly #window = new LevelMeter();
  readonly #windows = new Float32Array(WINDOWS);
  /** The windows that are full, as views: one for each count. */
  readonly #full = Array.from({ length: WINDOWS + 1 }, (_, count) => this.#windows.subarray(0, count));
  readonly #values: OwnReport = {
    ...this.#buffer.counts,
    state: 'idle',
    queuedSamples: 0,
    rms: 0,
    peak: 0,
    windows: this.#windows,
  };
  readonly #notice: PlaybackNotice = { kind: 'report', report: this.#values };
  #filled = 0;
  #windowEnd = 0;
  #reportEvery = REPORT_SECONDS;
  #reportAt = 0;
  #reported: PlaybackState = 'idle';
  #isStopping = false;
  #isPaused = false;
  /** For a service that speaks at another rate than 24 kHz: the stream's converter, and its rate. */
  #converter: Resampler | undefined;
  #converterHz = OUTPUT_SAMPLE_RATE_HZ;

  constructor() {
    super();
    this.#listen(this.port);
  }

  process(_inputs: Float32Array[][], outputs: Float32Array[][]): boolean {
    const output = outputs[0]?.[0];
    if (!output) return true;
    if (this.#isPaused && !this.#isStopping) return true;
    this.#buffer.render(output, currentTime);
    const { state } = this.#buffer;
    if (this.#isStopping && state === 'idle') {
      this.#tell({ kind: 'stopped' });
      return false;
    }
    if (state === 'idle' && this.#reported === 'idle') return true;
    this.#meter.hear(output, output.length);
    this.#measure(output);
    if (state !== this.#reported || currentTime >= this.#reportAt) this.#report();
    return true;
  }

  #listen(port: MessagePort): void {
    port.onmessage = ({ data }: MessageEvent<PlaybackCommand>) => this.#obey(data);
  }

  #obey(command: PlaybackCommand): void {
    // Another port than the one that said `stop` may still have something under way.
    if (this.#isStopping) return;
    if (command.kind === 'play')
      this.#buffer.push(this.#at24kHz(command.samples, command.rateHz), currentTime);
    else if (command.kind === 'end') this.#buffer.end();
    else if (command.kind === 'pause') this.#isPaused = command.isPaused;
    else if (command.kind === 'report-every') this.#reportEvery = command.seconds;
    else if (command.kind === 'through') this.#listen(command.port);
    else if (command.kind === 'interrupt')
      this.#tell({ kind: 'interrupted', interruption: this.#buffer.interrupt() });
    else {
      this.#buffer.interrupt();
      this.#isStopping = true;
    }
  }

  #measure(output: Float32Array): void {
    if (currentTime > this.#windowEnd + WINDOW_SECONDS) {
      // After a silence.
      this.#windowEnd = currentTime + WINDOW_SECONDS;
      this.#window.reset();
    }
    this.#window.hear(output, output.length);
    if (currentTime < this.#windowEnd) return;
    if (this.#filled < WINDOWS) this.#windows[this.#filled++] = this.#window.rms;
    this.#window.reset();
    this.#windowEnd += WINDOW_SECONDS;
  }

  #report(): void {
    const values = this.#values;
    Object.assign(values, this.#buffer.counts);
    values.state = this.#buffer.state;
    values.queuedSamples = this.#buffer.queuedSamples;
    values.rms = this.#meter.rms;
    values.peak = this.#meter.peak;
    values.windows = this.#full[this.#filled] ?? this.#windows;
    this.#tell(this.#notice);
    this.#filled = 0;
    this.#meter.reset();
    this.#reported = values.state;
    this.#reportAt = currentTime + this.#reportEvery;
  }

  #tell(notice: PlaybackNotice): void {
    this.port.postMessage(notice);
  }

  #at24kHz(samples: Int16Array, rateHz: number): Int16Array {
    if (rateHz !== this.#converterHz) {
      this.#converterHz = rateHz;
      this.#converter =
        rateHz === OUTPUT_SAMPLE_RATE_HZ
          ? undefined
          : new Resampler({ inputRateHz: rateHz, outputRateHz: OUTPUT_SAMPLE_RATE_HZ });
    }
    if (!this.#converter) return samples;
    const input = Float32Array.from(samples, floatOf);
    const output = new Float32Array(this.#converter.outputsFor(input.length));
    this.#converter.process(input, input.length, output);
    return Int16Array.from(output, int16Of);
  }
}

registerProcessor(PLAYBACK_PROCESSOR, PlaybackProcessor);
